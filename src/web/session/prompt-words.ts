export interface FieldWords {
  readonly label: string;
  /** Hidden while it is typed. */
  readonly isSecret: boolean;
  readonly isOptional: boolean;
}

const known: Readonly<Record<string, string>> = {
  username: "User",
  password: "Password",
  domain: "Domain",
  passphrase: "Passphrase",
  "gateway-username": "Gateway user",
  "gateway-password": "Gateway password",
  "gateway-domain": "Gateway domain",
};

/** The field for a name that is asked for; what is no known name is a question of the target in its own words. */
export const fieldWords = (name: string): FieldWords => ({
  label: known[name] ?? (name.trim().replace(/\s*:$/, "") || "Answer"),
  isSecret: !/^(gateway-)?(username|domain)$/.test(name),
  isOptional: /^(gateway-)?domain$/.test(name),
});

/** The title and the verb of a card that asks for these names. */
export const promptWords = (names: readonly string[]): { readonly title: string; readonly verb: string } => {
  if (names.every((name) => name === "passphrase")) return { title: "Unlock the private key", verb: "Unlock" };
  if (names.every((name) => known[name] === undefined)) return { title: "The target asks", verb: "Answer" };
  return { title: "Sign in to the target", verb: "Sign in" };
};

export const triesWords = (left: number): string => (left === 1 ? "1 try left." : `${left} tries left.`);
