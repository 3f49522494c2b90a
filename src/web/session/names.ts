/** People are called by the local part of their e-mail. */
export const shortName = (name: string): string => name.split("@")[0] || name;
