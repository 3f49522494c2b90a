const dayMs = 86_400_000;
const soonDays = 14;

/** "Never", "In 74 days", from two weeks on in amber, "Ended 1 Nov" once it is over. */
export const expiryOf = (
  expiresAt: string | null,
  nowMs: number,
): { readonly text: string; readonly kind: "plain" | "warn" | "bad" } => {
  if (expiresAt === null) return { text: "Never", kind: "plain" };
  const atMs = Date.parse(expiresAt);
  if (atMs <= nowMs) return { text: `Ended ${dayWords(atMs)}`, kind: "bad" };
  const days = Math.floor((atMs - nowMs) / dayMs);
  const text = days === 0 ? "In less than a day" : days === 1 ? "In 1 day" : `In ${days} days`;
  return { text, kind: days < soonDays ? "warn" : "plain" };
};

const dayWords = (atMs: number): string =>
  new Date(atMs).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
