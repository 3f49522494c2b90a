import type { AdminKeyRow } from "../../access/admin-key-store.ts";
import type { AdminKeys } from "../../access/admin-keys.ts";
import { authorize } from "../../access/authorize.ts";
import type { Principal } from "../../core/principal.ts";

/** A page of the admin keys by name, and how many there are in all. There are never so many that SQL should cut it. */
export const listAdminKeys =
  ({ adminKeys }: { adminKeys: AdminKeys }) =>
  async (
    principal: Principal,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ keys: AdminKeyRow[]; total: number }> => {
    authorize(principal, "admin-key:list");
    const all = await adminKeys.list();
    return { keys: all.slice(offset, offset + limit), total: all.length };
  };
