import type { Role } from "../core/principal.ts";

/** The whole policy on one screen: each permission and the lowest role that has it. */
export const policy = {
  "self:read": "viewer",
  "protocol:list": "operator",
  "session:list": "operator",
  "session:read": "operator",
  "session:attach": "operator",
  "session:end": "operator",
  "ws-ticket:create": "operator",
  "about:read": "operator",
  "session:create": "poweruser",
  "session:set-admin-fields": "admin",
  "session:see-all": "admin",
  "session:watch": "admin",
  "session:end-any": "admin",
  "admin-key:list": "admin",
  "admin-key:create": "admin",
  "admin-key:disable": "admin",
  "admin-key:enable": "admin",
  "admin-key:rotate": "admin",
  "admin-key:delete": "admin",
  "known-host:list": "admin",
  "known-host:approve": "admin",
  "known-host:forget": "admin",
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof policy;
