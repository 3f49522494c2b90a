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

/**
 * The field for a name that is asked for; what is no known name is a question in the words of who asks: of `hop` ("Hop 2, db-gw"),
 * whose name stands before it, or else of the target.
 */
export const fieldWords = (name: string, hop: string | null = null): FieldWords => ({
  label: known[name] ?? (withoutAsker(name, hop).trim().replace(/\s*:$/, "") || "Answer"),
  isSecret: !/^(gateway-)?(username|domain)$/.test(name),
  isOptional: /^(gateway-)?domain$/.test(name),
});

const withoutAsker = (name: string, hop: string | null): string =>
  hop !== null && name.startsWith(`${hop}: `) ? name.slice(hop.length + 2) : name;

/** The title and the verb of a card that asks for these names, for a hop or for the target. */
export const promptWords = (
  names: readonly string[],
  hop: string | null = null,
): { readonly title: string; readonly verb: string } => {
  if (hop !== null) return { title: `${hop}, asks`, verb: "Answer" };
  if (names.every((name) => name === "passphrase")) return { title: "Unlock the private key", verb: "Unlock" };
  if (names.every((name) => known[name] === undefined)) return { title: "The target asks", verb: "Answer" };
  return { title: "Sign in to the target", verb: "Sign in" };
};

export const triesWords = (left: number): string => (left === 1 ? "1 try left." : `${left} tries left.`);
