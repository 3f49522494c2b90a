import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { hopSecretName } from "../core/hop.ts";
import { Secret } from "../core/secret.ts";
import { needsPassphrase } from "../ssh/keys.ts";
import { askSecret } from "./ask-secret.ts";
import type { Login } from "./read-place.ts";

/** Where the secrets of the hops come from. */
export interface SecretSource {
  /** A private key file for all of them. */
  readonly identity: string | undefined;
  /** Lines of the standard input instead of questions: the key's passphrase, or a password for each hop. */
  readonly fromStdin: boolean;
}

/** What signs in to the hops, by the names that sessions keep it under. */
export const readHopSecrets = async (
  hops: readonly Login[],
  { identity, fromStdin }: SecretSource,
): Promise<Record<string, Secret<string>>> => {
  if (hops.length === 0) return {};
  const lines = fromStdin ? (await text(process.stdin)).split(/\r?\n/) : null;
  const next = async (question: string): Promise<Secret<string> | null> => {
    if (!lines) return askSecret(question);
    const line = lines.shift() ?? "";
    return line === "" ? null : new Secret(line);
  };
  const secrets: Record<string, Secret<string>> = {};
  if (identity === undefined) {
    for (const [index, { username, host }] of hops.entries()) {
      const password = await next(`Password of ${username} on ${host}: `);
      if (password) secrets[hopSecretName(index, "password")] = password;
    }
    return secrets;
  }
  const key = new Secret(await readFile(identity, "utf8"));
  const passphrase = needsPassphrase(key) ? await next(`Passphrase of ${identity}: `) : null;
  for (const index of hops.keys()) {
    secrets[hopSecretName(index, "private_key")] = key;
    if (passphrase) secrets[hopSecretName(index, "passphrase")] = passphrase;
  }
  return secrets;
};
