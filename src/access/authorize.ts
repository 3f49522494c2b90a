import { AppError } from "../core/errors.ts";
import { atLeast, type Principal } from "../core/principal.ts";
import { type Permission, policy } from "./policy.ts";

export const may = (principal: Principal, permission: Permission): boolean =>
  atLeast(principal.role, policy[permission]);

/** The first line of every verb: throws `forbidden` when the caller's role lacks the permission. */
export const authorize = (principal: Principal, permission: Permission): void => {
  if (may(principal, permission)) return;
  throw new AppError("forbidden", `Your role (${principal.role}) may not do this; it needs ${policy[permission]}.`);
};
