import { isCidr } from "../core/cidr.ts";
import type { Clock } from "../core/clock.ts";
import { invalidField } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Actor } from "../core/principal.ts";
import type { Secret } from "../core/secret.ts";
import type { AdminKeyRef, AdminKeyRow, AdminKeyStore } from "./admin-key-store.ts";
import { hashToken, newToken } from "./token.ts";

const keyPrefix = "sp_";

export interface NewAdminKey {
  readonly name: string;
  /** Addresses and CIDR ranges the key may come from; empty = from anywhere. */
  readonly allowedIps?: readonly string[];
  readonly expiresAtMs?: number | null;
}

/** The verbs on admin API keys, for the command line and the API. A key in plain text is given out once, by the call that makes it. */
export interface AdminKeys {
  create(input: NewAdminKey, actor: Actor): Promise<{ row: AdminKeyRow; key: Secret<string> }>;
  list(): Promise<AdminKeyRow[]>;
  disable(key: AdminKeyRef, actor: Actor): Promise<AdminKeyRow>;
  enable(key: AdminKeyRef, actor: Actor): Promise<AdminKeyRow>;
  rotate(key: AdminKeyRef, actor: Actor): Promise<{ row: AdminKeyRow; key: Secret<string> }>;
  /** Gives the row as it was. */
  delete(key: AdminKeyRef, actor: Actor): Promise<AdminKeyRow>;
}

/** With `lastStays` nobody can lock everybody out; the command line, which can always make a key, goes without. */
export const createAdminKeys = ({
  store,
  clock,
  lastStays,
}: {
  store: AdminKeyStore;
  clock: Clock;
  lastStays: boolean;
}): AdminKeys => ({
  create: async (input, actor) => {
    const nowMs = clock.nowMs();
    check(input, nowMs);
    const key = newToken(keyPrefix);
    const row = {
      id: newId(),
      name: input.name,
      allowedIps: input.allowedIps ?? [],
      expiresAtMs: input.expiresAtMs ?? null,
      createdAtMs: nowMs,
    };
    await store.insert(row, hashToken(key), actor);
    return { row: { ...row, disabledAtMs: null, lastUsedAtMs: null }, key };
  },
  list: () => store.list(),
  disable: (key, actor) => store.disable(key, lastStays, { actor, nowMs: clock.nowMs() }),
  enable: (key, actor) => store.enable(key, { actor, nowMs: clock.nowMs() }),
  rotate: async (which, actor) => {
    const key = newToken(keyPrefix);
    return { row: await store.rotate(which, hashToken(key), { actor, nowMs: clock.nowMs() }), key };
  },
  delete: (key, actor) => store.delete(key, lastStays, { actor, nowMs: clock.nowMs() }),
});

const check = (input: NewAdminKey, nowMs: number): void => {
  if (!/^[^\p{Cc}]{1,100}$/u.test(input.name)) throw invalidField("name", "must be 1 to 100 printable characters");
  for (const [index, cidr] of (input.allowedIps ?? []).entries())
    if (!isCidr(cidr)) throw invalidField(`allowed_ips[${index}]`, `${cidr} is not an address or CIDR range`);
  if (input.expiresAtMs !== undefined && input.expiresAtMs !== null && !(input.expiresAtMs > nowMs))
    throw invalidField("expires_at", "must be a time in the future");
};
