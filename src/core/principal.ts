/** Strictly ordered: each role may do what the one before it may. */
export const roles = ["viewer", "operator", "poweruser", "admin"] as const;
export type Role = (typeof roles)[number];

export const atLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

interface Authenticated {
  /** Stable id of the person or key; sessions belong to it. */
  readonly id: string;
  /** What people see: the display name, else the e-mail; the key's name for a key. */
  readonly name: string;
  /** The login row when the caller came by cookie; ends with it. */
  readonly loginId?: string;
}

export interface UserPrincipal extends Authenticated {
  readonly kind: "user";
  readonly email: string;
  readonly role: Role;
  readonly groups: readonly string[];
}

export interface ApiKeyPrincipal extends Authenticated {
  readonly kind: "api_key";
  readonly role: "admin";
}

/** The gateway itself: timers, start-up, the command line of the host's administrator. */
export interface SystemPrincipal {
  readonly kind: "system";
  readonly id: "system";
  readonly name: string;
  readonly role: "admin";
}

export type Principal = UserPrincipal | ApiKeyPrincipal | SystemPrincipal;

/** Who did something, as the audit keeps it. */
export interface Actor {
  readonly principal: Principal;
  readonly requestId?: string;
  readonly address?: string;
}

/** How a session names its owner: a person by e-mail, a key by its name. */
export const ownerLabel = (principal: Principal): string =>
  principal.kind === "user" ? principal.email : principal.name;

export const systemPrincipal = (name: string): SystemPrincipal => ({
  kind: "system",
  id: "system",
  name,
  role: "admin",
});

/** For what the gateway does by itself. */
export const gatewayActor: Actor = { principal: systemPrincipal("gateway") };
