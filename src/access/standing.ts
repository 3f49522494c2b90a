import type { Clock } from "../core/clock.ts";
import { atLeast } from "../core/principal.ts";
import type { AdminKeyStore } from "./admin-key-store.ts";
import type { PersonStore } from "./person-store.ts";

/** A person or key that owns something. */
export interface Holder {
  readonly kind: "user" | "api_key";
  readonly id: string;
}

/** Tells why somebody may have no sessions any more, as a sentence; null while they may. */
export type Standing = (holder: Holder) => Promise<string | null>;

export const createStanding =
  ({ adminKeys, people, clock }: { adminKeys: AdminKeyStore; people: PersonStore; clock: Clock }): Standing =>
  async ({ kind, id }) => {
    if (kind === "api_key") {
      const key = await adminKeys.findById(id);
      if (!key) return "Its owner's key was deleted.";
      if (key.disabledAtMs !== null) return "Its owner's key was disabled.";
      return key.expiresAtMs !== null && key.expiresAtMs <= clock.nowMs() ? "Its owner's key has expired." : null;
    }
    const person = await people.findById(id);
    if (!person) return "Its owner was deleted.";
    if (person.disabledAtMs !== null) return "Its owner was disabled.";
    return atLeast(person.role, "operator") ? null : "Its owner's role was taken back.";
  };
