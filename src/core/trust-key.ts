import type { Fault } from "./faults.ts";
import type { KeyKind, KeyPlace } from "./key-place.ts";
import type { KeyPolicy, KeyTrust, KnownKey, ShownKey } from "./known-key.ts";
import { type EndReason, SessionFailure } from "./session-end.ts";

/**
 * Resolves when the key that a server shows may be trusted, and rejects with `SessionFailure` (`host_key_changed`,
 * `certificate_untrusted`) when not. A revoked key never is. A key that was pinned for the session decides alone and is not
 * remembered. Else the trusted keys of the place count (`countingKeys`); where there are none the policy decides. Another key than those is refused, also one of another type: whoever sits in between
 * chooses the type.
 */
export const trustKey = async (request: {
  trust: KeyTrust;
  place: KeyPlace;
  shown: ShownKey;
  /** The fingerprint of the only key that counts. */
  pinned: string | null;
  /** Who causes the connection; kept with the key. */
  seenBy: string;
}): Promise<void> => {
  const { trust, place, shown, pinned, seenBy } = request;
  const { store } = trust;
  const isShown = ({ fingerprint }: ShownKey) => fingerprint === shown.fingerprint;
  const known = await store.find(place);
  if (known.some((key) => key.state === "revoked" && isShown(key))) throw revoked(place, shown);
  if (pinned !== null) {
    if (pinned !== shown.fingerprint) throw changed(place, shown, pinned, "pinned");
    return;
  }
  const policy = trust.policy();
  const counting = countingKeys(known, policy);
  const match = counting.find(isShown);
  if (match) return store.touch(match.id, seenBy);
  if (counting.length === 0 && policy === "tofu") {
    if (await store.trustFirst(place, shown, seenBy)) return;
    return trustKey(request);
  }
  if (policy !== "pinned") await store.propose(place, shown, seenBy);
  if (counting.length === 0) throw policy === "pinned" ? notImported(place, shown) : notApproved(place, shown);
  throw changed(place, shown, counting.map((key) => key.fingerprint).join(" or "), "seen before");
};

/**
 * The keys of a place that are trusted under a policy. One that only a session vouches for does not count beside one that a
 * file, an entry or an admin vouches for, nor ever under `pinned`.
 */
export const countingKeys = (known: readonly KnownKey[], policy: KeyPolicy): KnownKey[] => {
  const trusted = known.filter(({ state }) => state === "trusted");
  const vouchedFor = trusted.filter(({ origin }) => origin !== "session");
  return policy === "pinned" || vouchedFor.length > 0 ? vouchedFor : trusted;
};

type Refusal = "changed" | "untrusted" | "revoked";

const words: Readonly<Record<KeyKind, { noun: string; reason: EndReason; faults: Readonly<Record<Refusal, Fault>> }>> =
  {
    ssh: {
      noun: "host key",
      reason: "host_key_changed",
      faults: { changed: "host_key_changed", untrusted: "host_key_not_trusted", revoked: "host_key_revoked" },
    },
    rdp: {
      noun: "certificate",
      reason: "certificate_untrusted",
      faults: {
        changed: "certificate_changed",
        untrusted: "certificate_untrusted",
        revoked: "certificate_untrusted",
      },
    },
  };

const refusal = ({ kind }: KeyPlace, why: Refusal, sentences: (noun: string) => string): SessionFailure => {
  const { noun, reason, faults } = words[kind];
  return new SessionFailure(reason, `${sentences(noun)} Nothing was sent to it.`, { fault: faults[why] });
};

// The session page reads what follows "Now:", "Expected:" and "Shown:", and whether a key was pinned, not approved or revoked.
const changed = (place: KeyPlace, shown: ShownKey, expected: string, how: string): SessionFailure =>
  refusal(
    place,
    "changed",
    (noun) =>
      `${place.host} showed another ${noun} than the one ${how}. Now: ${shown.fingerprint}. Expected: ${expected}. ` +
      "It may have been reinstalled, or someone may be in between.",
  );

const notApproved = (place: KeyPlace, shown: ShownKey): SessionFailure =>
  refusal(
    place,
    "untrusted",
    (noun) =>
      `The ${noun} of ${place.host} has not been approved yet. Shown: ${shown.fingerprint}. ` +
      "An admin of this gateway has to approve it first and finds it among the host keys.",
  );

const notImported = (place: KeyPlace, shown: ShownKey): SessionFailure =>
  refusal(
    place,
    "untrusted",
    (noun) =>
      `No ${noun} of ${place.host} has been approved or imported, and this gateway trusts no other. ` +
      `Shown: ${shown.fingerprint}.`,
  );

const revoked = (place: KeyPlace, shown: ShownKey): SessionFailure =>
  refusal(
    place,
    "revoked",
    (noun) =>
      `${place.host} showed a ${noun} that was revoked. Shown: ${shown.fingerprint}. ` +
      "Somebody else may have it, so that this may be another host.",
  );
