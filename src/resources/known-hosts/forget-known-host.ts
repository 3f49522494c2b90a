import { authorize } from "../../access/authorize.ts";
import { AppError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import type { Actor } from "../../core/principal.ts";
import type { KnownHostStore } from "./store.ts";

/** Forgets a key; sessions that run go on. Throws `not_found` for an unknown or malformed id. */
export const forgetKnownHost =
  ({ store }: { store: KnownHostStore }) =>
  async (actor: Actor, id: string): Promise<void> => {
    authorize(actor.principal, "known-host:forget");
    if (!isId(id) || !(await store.forget(id, actor))) throw new AppError("not_found", "There is no such host key.");
  };
