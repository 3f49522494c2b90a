import { authorize } from "../../access/authorize.ts";
import type { Principal } from "../../core/principal.ts";
import type { KnownHost, KnownHostStore } from "./store.ts";

/** A page of the trusted host keys, and how many there are in all. */
export const listKnownHosts =
  ({ store }: { store: KnownHostStore }) =>
  async (
    principal: Principal,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ hosts: KnownHost[]; total: number }> => {
    authorize(principal, "known-host:list");
    return { hosts: await store.list(page), total: await store.count() };
  };
