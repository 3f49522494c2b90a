import { type JsonWebKey, type KeyObject, randomBytes } from "node:crypto";

/** A key in OpenSSH's own clothes. `publicBlob` is what fingerprints are taken of. */
export interface OpenSshKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256` (384, 521) or `ssh-rsa`. */
  readonly keyType: string;
  readonly publicBlob: Buffer;
  /** An unencrypted `openssh-key-v1` file (OpenSSH's PROTOCOL.key). */
  readonly privatePem: string;
}

/** Writes a private key as OpenSSH does; undefined for kinds that SSH does not know. */
export const toOpenSsh = (key: KeyObject): OpenSshKey | undefined => {
  const parts = keyParts(key);
  if (!parts) return undefined;
  const keyType = parts.name;
  const publicBlob = Buffer.concat([string(keyType), ...parts.public]);
  return {
    keyType,
    publicBlob,
    privatePem: privateFile(publicBlob, Buffer.concat([string(keyType), ...parts.private])),
  };
};

/** The string (RFC 4251 §5) that a blob begins with: a public key's type. Undefined when the blob is cut short. */
export const firstString = (blob: Buffer): string | undefined => {
  if (blob.length < 4) return undefined;
  const end = 4 + blob.readUInt32BE(0);
  return end > blob.length ? undefined : blob.toString("latin1", 4, end);
};

const curves = new Map([
  ["P-256", "nistp256"],
  ["P-384", "nistp384"],
  ["P-521", "nistp521"],
]);

interface KeyParts {
  readonly name: string;
  readonly public: Buffer[];
  readonly private: Buffer[];
}

const keyParts = (key: KeyObject): KeyParts | undefined => {
  // Kinds that JWK cannot say (DSA, RSA-PSS) have no place in SSH either.
  if (!["ed25519", "ec", "rsa"].includes(key.asymmetricKeyType ?? "")) return undefined;
  if (key.asymmetricKeyType === "ec" && !namedCurves.has(key.asymmetricKeyDetails?.namedCurve ?? "")) return undefined;
  const jwk = key.export({ format: "jwk" });
  if (jwk.kty === "RSA") return rsaParts(jwk);
  if (jwk.kty === "EC") return ecdsaParts(jwk);
  return ed25519Parts(jwk);
};

const namedCurves = new Set(["prime256v1", "secp384r1", "secp521r1"]);

const rsaParts = (jwk: JsonWebKey): KeyParts => {
  const [n, e, d, qi, p, q] = [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map((field) => number(bytes(field)));
  const all = (...fields: (Buffer | undefined)[]) => fields.filter((field) => field !== undefined);
  return { name: "ssh-rsa", public: all(e, n), private: all(n, e, d, qi, p, q) };
};

const ecdsaParts = (jwk: JsonWebKey): KeyParts | undefined => {
  const curve = curves.get(jwk.crv ?? "");
  if (!curve) return undefined;
  const point = string(Buffer.concat([Buffer.of(4), bytes(jwk.x), bytes(jwk.y)]));
  const shared = [string(curve), point];
  return { name: `ecdsa-sha2-${curve}`, public: shared, private: [...shared, number(bytes(jwk.d))] };
};

const ed25519Parts = (jwk: JsonWebKey): KeyParts => {
  const point = bytes(jwk.x);
  const pair = string(Buffer.concat([bytes(jwk.d), point]));
  return { name: "ssh-ed25519", public: [string(point)], private: [string(point), pair] };
};

const privateFile = (publicBlob: Buffer, secrets: Buffer): string => {
  const check = randomBytes(4);
  const inner = Buffer.concat([check, check, secrets, string("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string("none"),
    string("none"),
    string(""),
    uint32(1),
    string(publicBlob),
    string(Buffer.concat([inner, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
};

const bytes = (field: string | undefined): Buffer => Buffer.from(field ?? "", "base64url");

const uint32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
};

const string = (value: Buffer | string): Buffer => {
  const content = Buffer.from(value);
  return Buffer.concat([uint32(content.length), content]);
};

/** A positive mpint (RFC 4251 §5): no leading zeros, but one where the highest bit would read as a sign. */
const number = (value: Buffer): Buffer => {
  const start = value.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.alloc(0) : value.subarray(start);
  return string((digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
};
