import type { AdminKeys, NewAdminKey } from "../../access/admin-keys.ts";
import { authorize } from "../../access/authorize.ts";
import type { Actor } from "../../core/principal.ts";

/** Makes a key. Throws the 400 of the first bad field, and `conflict` when the name is taken. */
export const createAdminKey =
  ({ adminKeys }: { adminKeys: AdminKeys }) =>
  (actor: Actor, input: NewAdminKey): ReturnType<AdminKeys["create"]> => {
    authorize(actor.principal, "admin-key:create");
    return adminKeys.create(input, actor);
  };
