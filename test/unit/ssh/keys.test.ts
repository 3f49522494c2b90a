import { generateKeyPairSync, type KeyObject } from "node:crypto";
import ssh2 from "ssh2";
import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { generateKeyPair } from "../../../src/ssh/generate-key-pair.ts";
import { parsePrivateKey } from "../../../src/ssh/keys.ts";
import { toOpenSsh } from "../../../src/ssh/openssh-format.ts";

const parse = (text: string, passphrase: string | null = null) =>
  parsePrivateKey(new Secret(text), passphrase === null ? null : new Secret(passphrase));

const refusal = (field: string, detail: string | RegExp) =>
  expect.objectContaining({ code: "invalid_request", field, detail: expect.stringMatching(detail) });

const keys: Record<string, KeyObject> = {
  ed25519: generateKeyPairSync("ed25519").privateKey,
  "ECDSA P-256": generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey,
  "ECDSA P-384": generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey,
  "ECDSA P-521": generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey,
  RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
};

const openSshText = (key: KeyObject): string => toOpenSsh(key)?.privatePem ?? "";

const pem = (key: KeyObject, passphrase?: string): string => {
  const type = key.asymmetricKeyType === "rsa" ? "pkcs1" : key.asymmetricKeyType === "ec" ? "sec1" : "pkcs8";
  return key.export({ type, format: "pem", ...(passphrase ? { cipher: "aes-256-cbc", passphrase } : {}) }).toString();
};

const pkcs8 = (key: KeyObject, passphrase?: string): string =>
  key.export({ type: "pkcs8", format: "pem", ...(passphrase ? { cipher: "aes-256-cbc", passphrase } : {}) }).toString();

describe.each(Object.entries(keys))("%s", (_, key) => {
  const expected = toOpenSsh(key);

  test.each([
    ["OpenSSH", openSshText(key), null],
    ["PEM", pem(key), null],
    ["PEM, encrypted", pem(key, "wörd"), "wörd"],
    ["PKCS#8", pkcs8(key), null],
    ["PKCS#8, encrypted", pkcs8(key, "wörd"), "wörd"],
  ])("opens when written as %s", async (_format, text, passphrase) => {
    const parsed = await parse(text, passphrase);
    expect(parsed.publicLine).toBe(`${expected?.keyType} ${expected?.publicBlob.toString("base64")}`);
    const read = ssh2.utils.parseKey(parsed.privateKey.reveal());
    if (read instanceof Error) throw read;
    const signed = read.sign("text");
    expect(read.verify("text", signed)).toBe(true);
  });
});

test("every key written in OpenSSH's format reads back as itself, whatever its leading zeros", async () => {
  for (let round = 0; round < 150; round++) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const parsed = await parse(openSshText(privateKey));
    expect(parsed.publicLine).toContain(toOpenSsh(privateKey)?.publicBlob.toString("base64"));
  }
});

describe("an encrypted key", () => {
  const openSsh = ssh2.utils.generateKeyPairSync("ed25519", {
    passphrase: "right",
    cipher: "aes256-ctr",
    rounds: 16,
  }).private;
  const forms = [
    ["OpenSSH", openSsh],
    ["PEM", pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, "right")],
    ["PKCS#8", pkcs8(generateKeyPairSync("ed25519").privateKey, "right")],
  ] as const;

  test.each(forms)("in %s opens with its passphrase", async (_, text) => {
    expect((await parse(text, "right")).keyType).toMatch(/^(ssh-ed25519|ecdsa-sha2-nistp256)$/);
  });

  test.each(forms)("in %s is refused on `passphrase` when it is wrong or missing", async (_, text) => {
    await expect(parse(text, "wrong")).rejects.toEqual(
      refusal("passphrase", /^The passphrase does not open this key\.$/),
    );
    const missing = refusal("passphrase", /^This key is encrypted; its passphrase is missing\.$/);
    await expect(parse(text)).rejects.toEqual(missing);
    await expect(parse(text, "")).rejects.toEqual(missing);
  });

  test("that would cost hours to open is refused at once", async () => {
    const text = pkcs8(generateKeyPairSync("ed25519").privateKey, "right");
    const der = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
    const found = der.indexOf(Buffer.from("02020800", "hex"));
    expect(found).toBeGreaterThan(0);
    // The count 2048 becomes one of four bytes; lengths around it do not matter to whoever refuses it first.
    const costly = Buffer.concat([der.subarray(0, found), Buffer.from("02047fffffff", "hex"), der.subarray(found + 4)]);
    const lines = costly.toString("base64").match(/.{1,64}/g) ?? [];
    const armoured = ["-----BEGIN ENCRYPTED PRIVATE KEY-----", ...lines, "-----END ENCRYPTED PRIVATE KEY-----"].join(
      "\n",
    );
    await expect(parse(armoured, "right")).rejects.toEqual(refusal("private_key", /too long/));
  });
});

test("an encryption that the gateway does not know is told from a wrong passphrase", async () => {
  const body = Buffer.from("openssh-key-v1\0\0\0\0\x1dchacha20-poly1305@openssh.com\0\0\0\x06bcrypt", "latin1");
  const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString("base64")}\n-----END OPENSSH PRIVATE KEY-----`;
  await expect(parse(text, "right")).rejects.toEqual(refusal("private_key", /does not know/));
});

test("line ends of Windows, blanks, a missing last newline and an unneeded passphrase do no harm", async () => {
  const text = openSshText(generateKeyPairSync("ed25519").privateKey);
  const { publicLine } = await parse(text);
  const variants = [text.replaceAll("\n", "\r\n"), text.trimEnd(), `\uFEFF\n  ${text.replaceAll("\n", " \n  ")}`];
  for (const variant of variants) expect((await parse(variant)).publicLine).toBe(publicLine);
  expect((await parse(text, "not needed")).publicLine).toBe(publicLine);
});

test.each([
  ["nothing", "", /not a private key/],
  ["prose", "let me in", /not a private key/],
  ["a public key", generateKeyPair().publicLine, /public half/],
  ["a PuTTY key", "PuTTY-User-Key-File-2: ssh-ed25519\nEncryption: none", /PuTTYgen/],
  ["a key cut in the middle", pem(generateKeyPairSync("ed25519").privateKey).slice(0, 60), /not a private key/],
  [
    "an armour with nothing useful in it",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    /cannot be read/,
  ],
  [
    "an OpenSSH armour with nothing useful in it",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
    /cannot be read/,
  ],
  ["a curve that SSH lacks", pem(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey), /not for SSH/],
  ["an Ed448 key", pkcs8(generateKeyPairSync("ed448").privateKey), /not for SSH/],
])("%s is refused on `private_key`", async (_, text, detail) => {
  await expect(parse(text)).rejects.toEqual(refusal("private_key", detail));
});

test("a generated pair belongs together, and two pairs differ", async () => {
  const pair = generateKeyPair();
  const { publicLine, keyType } = await parsePrivateKey(pair.privateKey, null);
  expect(keyType).toBe("ssh-ed25519");
  expect(pair.publicLine).toBe(`${publicLine} sallyport`);
  expect(generateKeyPair().publicLine).not.toBe(pair.publicLine);
  expect(JSON.stringify(pair)).not.toContain("PRIVATE KEY");
});
