import type { AdminKeyRow } from "../../access/admin-key-store.ts";
import type { AdminKeys } from "../../access/admin-keys.ts";
import { authorize } from "../../access/authorize.ts";
import type { Actor } from "../../core/principal.ts";
import type { Bus } from "../../sessions/bus.ts";
import type { SessionDirectory } from "../../sessions/directory.ts";

export interface ChangeAdminKeyDeps {
  readonly adminKeys: AdminKeys;
  readonly directory: Pick<SessionDirectory, "endAllOf">;
  readonly bus: Bus;
}

/**
 * What happens to a key that is there. Disabling and deleting end its live sessions before they resolve, rotating only its
 * logins. All throw `not_found`; taking the last key that works is a `conflict`.
 */
export const changeAdminKey = ({ adminKeys, directory, bus }: ChangeAdminKeyDeps) => {
  const revoke = async ({ id }: AdminKeyRow, detail: string, actor: Actor): Promise<void> => {
    bus.publish({ kind: "access" });
    await directory.endAllOf({ kind: "api_key", id }, { reason: "revoked", detail }, actor);
  };

  return {
    disable: async (actor: Actor, id: string): Promise<AdminKeyRow> => {
      authorize(actor.principal, "admin-key:disable");
      const row = await adminKeys.disable({ id }, actor);
      await revoke(row, "Its owner's key was disabled.", actor);
      return row;
    },

    enable: (actor: Actor, id: string): Promise<AdminKeyRow> => {
      authorize(actor.principal, "admin-key:enable");
      return adminKeys.enable({ id }, actor);
    },

    rotate: async (actor: Actor, id: string): ReturnType<AdminKeys["rotate"]> => {
      authorize(actor.principal, "admin-key:rotate");
      const rotated = await adminKeys.rotate({ id }, actor);
      bus.publish({ kind: "access" });
      return rotated;
    },

    delete: async (actor: Actor, id: string): Promise<void> => {
      authorize(actor.principal, "admin-key:delete");
      const row = await adminKeys.delete({ id }, actor);
      await revoke(row, "Its owner's key was deleted.", actor);
    },
  };
};
