/** What the gateway found of a server's key, read from its sentence (`core/trust-key.ts`). */
export type KeyVerdict = "changed" | "pinned" | "unapproved" | "unknown" | "revoked";

/** Undefined where the sentence is about something else. */
export const keyVerdict = (detail: string | null): KeyVerdict | undefined => {
  if (detail === null || detail.includes("than the one seen before")) return "changed";
  if (detail.includes("than the one pinned")) return "pinned";
  if (detail.includes("has not been approved yet")) return "unapproved";
  if (detail.includes("has been approved or imported")) return "unknown";
  return detail.includes("that was revoked") ? "revoked" : undefined;
};

export const keyTitle: Readonly<Record<KeyVerdict, string>> = {
  changed: "has changed",
  pinned: "has changed",
  unapproved: "waits for approval",
  unknown: "is not known",
  revoked: "was revoked",
};

/** `host` showed a host key that the gateway does not trust. */
export const keySentence = (verdict: KeyVerdict, host: string): string => {
  const perhaps = "It may have been reinstalled, or someone may be in between. Nothing was sent to it";
  switch (verdict) {
    case "changed":
      return `${host} showed another key than the one seen before. ${perhaps}, and the gateway does not connect until an admin decides.`;
    case "pinned":
      return `${host} showed another key than the one that this session pins. ${perhaps}.`;
    case "unapproved":
      return `This gateway has not trusted the key of ${host} before, and an admin has to approve it first. Nothing was sent to it. The key is listed for the admins under Host keys; ask one of them to compare it, then start again.`;
    case "unknown":
      return `This gateway trusts only keys that an admin has imported or approved, and has none of ${host}. Nothing was sent to it.`;
    case "revoked":
      return `${host} showed a key that was revoked: somebody else may have it, so this may be another host. Nothing was sent to it.`;
  }
};

/** The fingerprints that the sentence names, with what to call them. */
export const keyFingerprints = (detail: string | null): { known?: [string, string]; shown?: string } => {
  const [shown, known] = [/(?:Now|Shown): (SHA256:\S+?)\.?(?= |$)/, /Expected: (SHA256:.+?)\.(?= |$)/].map(
    (pattern) => pattern.exec(detail ?? "")?.[1],
  );
  const name = keyVerdict(detail) === "pinned" ? "Pinned" : "Known before";
  return { ...(known === undefined ? {} : { known: [name, known] }), ...(shown === undefined ? {} : { shown }) };
};

/** The sentence for where the fingerprints stand below it. */
export const withoutFingerprints = (detail: string): string =>
  detail.replace(/ (?:Now|Shown): SHA256:\S+?\.(?= |$)/, "").replace(/ Expected: SHA256:.+?\.(?= |$)/, "");
