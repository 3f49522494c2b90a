/** What must be there before people are sent to this gateway, by name. The checks never reject, and have their own limits. */
export type Parts = Readonly<Record<string, () => Promise<boolean>>>;

/** Names what is missing. */
export const checkParts = async (parts: Parts): Promise<string[]> => {
  const names = Object.keys(parts);
  const areThere = await Promise.all(Object.values(parts).map((isThere) => isThere()));
  return names.filter((_, index) => !areThere[index]);
};
