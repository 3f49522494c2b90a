import { AppError, invalidField } from "../../core/errors.ts";
import { type Hop, hopSecretName } from "../../core/hop.ts";
import { Secret } from "../../core/secret.ts";
import { isEmpty, validate } from "../../http/validate.ts";
import type { KeyTools } from "./credentials.ts";
import { type CreateSessionInput, type HopInput, legacyHopSchema } from "./schema.ts";

export interface HopsRead {
  readonly hops: readonly Hop[];
  /** Of all hops, by the names that a session keeps them under. */
  readonly secrets: Readonly<Record<string, Secret<string>>>;
}

export interface HopTools {
  readonly keys: KeyTools;
  /** Throws `invalid_request` on `field` for what is neither a name nor an address in its plain spelling. */
  readonly checkHostname: (text: string, field?: string) => string;
}

/**
 * The way of a new session, checked, with keys opened at once. The single hop of older clients counts when there is no
 * `jump_hosts` at all. Throws `invalid_request` on the field as the caller spelt it.
 */
export const readHops = async (
  input: CreateSessionInput,
  tools: HopTools,
  readKey: ReadKey = openKey,
): Promise<HopsRead> => {
  const given = input.jump_hosts
    ? input.jump_hosts.map((hop, index) => ({ hop, nameOf: (field: string) => `jump_hosts[${index}].${field}` }))
    : legacyHop(input);
  const hops: Hop[] = [];
  const secrets: Record<string, Secret<string>> = {};
  for (const [index, { hop, nameOf }] of given.entries()) {
    const { hostname, port, username, password, host_key } = hop;
    const host = tools.checkHostname(hostname, nameOf("hostname"));
    hops.push({ host, port, username, hostKey: host_key ?? null });
    if (password !== undefined) secrets[hopSecretName(index, "password")] = new Secret(password);
    const { key, passphrase } = await readKey(hop, tools.keys, nameOf);
    if (key) secrets[hopSecretName(index, "private_key")] = key;
    if (passphrase) secrets[hopSecretName(index, "passphrase")] = passphrase;
  }
  return { hops, secrets };
};

interface GivenHop {
  readonly hop: HopInput;
  /** How the caller spelt a field of it. */
  readonly nameOf: (field: string) => string;
}

const legacyHop = (input: CreateSessionInput): GivenHop[] => {
  const fields = Object.fromEntries(
    Object.entries(input).filter(([name, value]) => Object.hasOwn(legacyHopSchema.shape, name) && !isEmpty(value)),
  );
  // Templates send every field, and a port alone says nothing.
  if (Object.keys(fields).every((name) => name === "jump_port")) return [];
  const hop = validate(legacyHopSchema, fields);
  return [
    {
      hop: {
        hostname: hop.jump_host,
        port: hop.jump_port,
        username: hop.jump_username,
        password: hop.jump_password,
        private_key: hop.jump_private_key,
      },
      nameOf: (field) => (field === "hostname" ? "jump_host" : "jump_private_key"),
    },
  ];
};

interface ReadKeyResult {
  readonly key?: Secret<string>;
  /** Of a key that was not opened. */
  readonly passphrase?: Secret<string>;
}
type ReadKey = (hop: HopInput, keys: KeyTools, nameOf: GivenHop["nameOf"]) => Promise<ReadKeyResult>;

/** Takes a hop's key as it is, so that whoever signs in finds out what is wrong with it. */
export const keepKey: ReadKey = async ({ private_key, passphrase }, _keys, nameOf) => {
  if (private_key === undefined) return noKey(passphrase, nameOf);
  const key = new Secret(private_key);
  return passphrase === undefined ? { key } : { key, passphrase: new Secret(passphrase) };
};

const noKey = (passphrase: string | undefined, nameOf: GivenHop["nameOf"]): ReadKeyResult => {
  if (passphrase === undefined) return {};
  throw invalidField(nameOf("passphrase"), "needs a private_key that it opens");
};

const openKey: ReadKey = async ({ private_key, passphrase }, keys, nameOf) => {
  if (private_key === undefined) return noKey(passphrase, nameOf);
  try {
    const text = passphrase === undefined ? null : new Secret(passphrase);
    return { key: (await keys.parsePrivateKey(new Secret(private_key), text)).privateKey };
  } catch (error) {
    if (!(error instanceof AppError) || error.field === undefined) throw error;
    throw new AppError(error.code, error.detail, { field: nameOf(error.field), cause: error });
  }
};
