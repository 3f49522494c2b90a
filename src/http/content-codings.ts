/** The forms that the build writes beside a file, by their content coding, best first. */
export const codingSuffixes = { br: ".br", gzip: ".gz" } as const;

export type ContentCoding = keyof typeof codingSuffixes;

/**
 * Which codings an Accept-Encoding header takes, the client's favourite first and ours where it has none. A header that
 * is missing or cannot be read takes none: the file as it is suits everybody.
 */
export const acceptedCodings = (header: string | undefined): ContentCoding[] => {
  const weights = new Map<string, number>();
  for (const item of (header ?? "").toLowerCase().split(",")) {
    const [, name, weight = "1"] = /^\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/.exec(item) ?? [];
    if (name !== undefined) weights.set(name === "x-gzip" ? "gzip" : name, Number(weight));
  }
  const weightOf = (name: string): number => weights.get(name) ?? weights.get("*") ?? 0;
  /** Unnamed, the file as it is ranks behind whatever is named (RFC 9110, 12.5.3). */
  const plain = weights.get("identity") ?? 0;
  const known: ContentCoding[] = ["br", "gzip"];
  return known
    .filter((name) => weightOf(name) > 0 && weightOf(name) >= plain)
    .sort((one, other) => weightOf(other) - weightOf(one));
};
