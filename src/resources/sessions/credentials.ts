import { z } from "zod";
import { invalidField } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import { validate } from "../../http/validate.ts";

/** What turns key texts into keys; the ssh folder does it, this resource only asks. */
export interface KeyTools {
  /** Throws `invalid_request` on `private_key` or `passphrase`. */
  parsePrivateKey(text: Secret<string>, passphrase: Secret<string> | null): Promise<{ privateKey: Secret<string> }>;
  /** Throws `invalid_request` on `private_key` for what is none. */
  needsPassphrase(text: Secret<string>): boolean;
  generateKeyPair(): { privateKey: Secret<string>; publicLine: string };
}

export interface Credentials {
  /** By field name; a private key was opened once here and has no passphrase any more, unless that is still to be asked for. */
  readonly secrets: Readonly<Record<string, Secret<string>>>;
  /** The public half of a key pair made for this session. */
  readonly publicLine: string | null;
}

const secretFieldsSchema = z.object({
  password: z.string().max(4096, "at most 4096 characters").optional(),
  private_key: z.string().max(32_768, "at most 32768 characters").optional(),
  passphrase: z.string().max(4096, "at most 4096 characters").optional(),
  generate_keypair: z.boolean().optional(),
  gateway_password: z.string().max(4096, "at most 4096 characters").optional(),
});

/**
 * Checks how a session is to sign in and opens its key at once, so that a bad one is refused at creation. An encrypted key
 * without its passphrase is kept as it is: the page asks for it.
 */
export const readCredentials = async (fields: Record<string, unknown>, tools: KeyTools): Promise<Credentials> => {
  const given = validate(secretFieldsSchema, fields);
  const { password, private_key, passphrase, generate_keypair, gateway_password } = given;
  if (generate_keypair && (password !== undefined || private_key !== undefined))
    throw invalidField("generate_keypair", "cannot be combined with a password or private key");
  if (passphrase !== undefined && private_key === undefined)
    throw invalidField("passphrase", "needs a private_key that it opens");

  const secrets: Record<string, Secret<string>> = {};
  if (password !== undefined) secrets.password = new Secret(password);
  if (gateway_password !== undefined) secrets.gateway_password = new Secret(gateway_password);
  if (private_key !== undefined) {
    const text = new Secret(private_key);
    const isLocked = passphrase === undefined && tools.needsPassphrase(text);
    const open = () => tools.parsePrivateKey(text, passphrase === undefined ? null : new Secret(passphrase));
    secrets.private_key = isLocked ? text : (await open()).privateKey;
  }
  if (!generate_keypair) return { secrets, publicLine: null };
  const pair = tools.generateKeyPair();
  return { secrets: { private_key: pair.privateKey }, publicLine: pair.publicLine };
};
