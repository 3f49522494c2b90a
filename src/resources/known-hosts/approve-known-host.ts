import { authorize } from "../../access/authorize.ts";
import { AppError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import type { Actor } from "../../core/principal.ts";
import type { KnownHost, KnownHostStore } from "./store.ts";

/** Trusts a key for its place from now on. Throws `not_found`, and `conflict` for a revoked key. */
export const approveKnownHost =
  ({ store }: { store: KnownHostStore }) =>
  async (actor: Actor, id: string): Promise<KnownHost> => {
    authorize(actor.principal, "known-host:approve");
    const approved = isId(id) ? await store.approve(id, actor) : undefined;
    if (approved === "revoked") throw new AppError("conflict", "This key is revoked. Forget it first.");
    if (!approved) throw new AppError("not_found", "There is no such host key.");
    return approved;
  };
