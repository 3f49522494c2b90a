import { addressList } from "../core/address-list.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import type { ApiKeyPrincipal, Principal } from "../core/principal.ts";
import type { Secret } from "../core/secret.ts";
import type { AdminKeyRow, AdminKeyStore } from "./admin-key-store.ts";
import type { LoginStore } from "./login-store.ts";
import type { PersonStore } from "./person-store.ts";
import { hashToken, newToken } from "./token.ts";

/** A key or a login as far as it can be checked again without its text. */
export interface Proof {
  readonly kind: "key" | "login";
  readonly hash: string;
}

export const proofOf = (kind: Proof["kind"], token: Secret<string>): Proof => ({ kind, hash: hashToken(token) });

/** Finds out who calls. A credential that is present but not good is `unauthenticated`, in one text for every cause. */
export interface Authenticator {
  byProof(proof: Proof, address: string): Promise<Principal>;
  /** Swaps a key for a login; the token goes into the cookie. */
  login(
    key: Secret<string>,
    address: string,
    requestId: string,
  ): Promise<{ token: Secret<string>; maxAgeSeconds: number }>;
  logout(principal: Principal, address: string, requestId: string): Promise<void>;
}

/** A key's last use is written at most this often. */
const touchEveryMs = 60_000;

export const createAuthenticator = (deps: {
  adminKeys: AdminKeyStore;
  people: PersonStore;
  logins: LoginStore;
  clock: Clock;
  loginTtlSeconds: () => number;
  log: Logger;
}): Authenticator => {
  const { adminKeys, people, logins, clock } = deps;

  /** A key is good although its last use cannot be written. */
  const touch = async (id: string, nowMs: number): Promise<void> => {
    try {
      await adminKeys.touch(id, nowMs);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "database_unavailable") throw error;
      deps.log.warn({ err: error }, "use of a key not written");
    }
  };

  const admit = async (row: AdminKeyRow | undefined, address: string): Promise<ApiKeyPrincipal> => {
    const nowMs = clock.nowMs();
    if (!row || row.disabledAtMs !== null || (row.expiresAtMs !== null && row.expiresAtMs <= nowMs)) throw refused();
    if (row.allowedIps.length > 0 && !addressList(row.allowedIps).has(address)) throw refused();
    // A clock that was set back must not make the last use stand still.
    if (Math.abs(nowMs - (row.lastUsedAtMs ?? 0)) >= touchEveryMs) await touch(row.id, nowMs);
    return { kind: "api_key", id: row.id, name: row.name, role: "admin" };
  };

  const byKey = async (hash: string, address: string) => admit(await adminKeys.findByHash(hash), address);

  const byLogin = async (hash: string, address: string): Promise<Principal> => {
    const login = await logins.findLive(hash, clock.nowMs());
    if (login?.adminKeyId)
      return { ...(await admit(await adminKeys.findById(login.adminKeyId), address)), loginId: login.id };
    const person = login?.personId ? await people.findById(login.personId) : undefined;
    if (!login || !person || person.disabledAtMs !== null) throw refused();
    const { id, email, role, groups } = person;
    return { kind: "user", id, email, name: person.name ?? email, role, groups, loginId: login.id };
  };

  return {
    byProof: ({ kind, hash }, address) => (kind === "key" ? byKey : byLogin)(hash, address),

    login: async (key, address, requestId) => {
      const principal = await byKey(hashToken(key), address);
      const token = newToken("");
      const maxAgeSeconds = deps.loginTtlSeconds();
      const nowMs = clock.nowMs();
      await logins.insert(
        {
          tokenHash: hashToken(token),
          holder: { adminKeyId: principal.id },
          expiresAtMs: nowMs + maxAgeSeconds * 1000,
        },
        { principal, requestId, address },
        nowMs,
      );
      return { token, maxAgeSeconds };
    },

    logout: async (principal, address, requestId) => {
      if (principal.kind === "system" || principal.loginId === undefined) return;
      await logins.end(principal.loginId, { principal, requestId, address }, clock.nowMs());
    },
  };
};

const refused = (): AppError =>
  new AppError("unauthenticated", "This key or sign-in is not valid, or it has been switched off.");
