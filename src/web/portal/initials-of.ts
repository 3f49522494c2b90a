/** At most two letters for a person or key: "Mia Keller" → MK, "m.keller@example.com" → MK, "ops" → O. */
export const initialsOf = (name: string): string => {
  const words = (name.split("@")[0] ?? "").split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase() || "?";
};
