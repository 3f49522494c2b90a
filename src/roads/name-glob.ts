/** Whether a name fits a pattern in which `*` stands for any text, dots included. Case does not count. */
export const fitsNameGlob = (glob: string, name: string): boolean => {
  const pattern = glob
    .split("*")
    .map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`, "i").test(name);
};
