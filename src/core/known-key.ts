import type { KeyPlace } from "./key-place.ts";

/** `pending` waits for an admin's approval; `revoked` is refused wherever a host that fits shows it. */
export const keyStates = ["trusted", "pending", "revoked"] as const;
export type KeyState = (typeof keyStates)[number];

/** Who vouches for a key: nobody but the session that met it, an entry of the address book, a file, an admin. */
export const keyOrigins = ["session", "entry", "import", "admin"] as const;
export type KeyOrigin = (typeof keyOrigins)[number];

/** What decides about a key that was not given with the session. */
export const keyPolicies = ["tofu", "pinned", "ask-admin"] as const;
export type KeyPolicy = (typeof keyPolicies)[number];

export interface ShownKey {
  /** As in a known_hosts file; `x509` for a certificate. */
  readonly keyType: string;
  /** In base64: the key's blob, or the certificate's DER. */
  readonly publicKey: string;
  /** Of SHA-256, so that two keys with one fingerprint are one. */
  readonly fingerprint: string;
}

export interface KnownKey extends ShownKey {
  readonly id: string;
  readonly state: KeyState;
  readonly origin: KeyOrigin;
}

/** What is remembered of keys. `seenBy` says who causes the connection. */
export interface KnownKeyStore {
  /** All that is known of a place, and what was revoked for its host on whatever path. */
  find(place: KeyPlace): Promise<readonly KnownKey[]>;
  /** Trusts a key at a place where none is trusted yet; false when another was quicker. */
  trustFirst(place: KeyPlace, shown: ShownKey, seenBy: string): Promise<boolean>;
  /**
   * Keeps a key for an admin to approve, in the stead of an earlier one of its type; also one that was trusted by the word
   * of a session.
   */
  propose(place: KeyPlace, shown: ShownKey, seenBy: string): Promise<void>;
  /** Notes that a key was seen again. */
  touch(id: string, seenBy: string): Promise<void>;
}

/** The keys that a gateway knows, and its policy for those that it does not. */
export interface KeyTrust {
  readonly store: KnownKeyStore;
  policy(): KeyPolicy;
}
