import { execFile } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A private key as ssh-keygen or OpenSSL wrote it. */
export interface WrittenKey {
  /** Such as `ECDSA P-256, PKCS#8, des3`. */
  readonly name: string;
  readonly privateKey: string;
  /** Undefined when it is not encrypted. */
  readonly passphrase: string | undefined;
  /** For authorized_keys. */
  readonly publicLine: string;
}

const passphrase = "open sesame";

/** Turns a key of a plain file of its own into another form. */
type Write = (file: string) => Promise<string>;

const sshKeygen =
  (newPassphrase: string, ...words: string[]): Write =>
  async (file) => {
    await run("ssh-keygen", ["-q", "-p", ...words, "-P", "", "-N", newPassphrase, "-f", file]);
    return readFile(file, "utf8");
  };

const openssl =
  (...words: string[]): Write =>
  async (file) =>
    (await run("openssl", [...words, "-in", file])).stdout;

const encrypting = (...words: string[]): Write => openssl(...words, "-passout", `pass:${passphrase}`);
const inPkcs8 = (...words: string[]): Write => encrypting("pkcs8", "-topk8", ...words);

type Forms = Readonly<Record<string, Write>>;

const openSsh: Forms = {
  "OpenSSH, plain": sshKeygen(""),
  "OpenSSH, encrypted": sshKeygen(passphrase),
};

/** Each kind of key, and what ssh-keygen writes of itself. */
const kinds: Readonly<Record<string, { readonly words: readonly string[]; readonly forms: Forms }>> = {
  Ed25519: { words: ["ed25519"], forms: openSsh },
  ...Object.fromEntries(
    Object.entries({
      "ECDSA P-256": ["ecdsa", "-b", "256"],
      "ECDSA P-384": ["ecdsa", "-b", "384"],
      "ECDSA P-521": ["ecdsa", "-b", "521"],
      "RSA 2048": ["rsa", "-b", "2048"],
      "RSA 4096": ["rsa", "-b", "4096"],
    }).map(([kind, words]) => {
      const forms = {
        ...openSsh,
        "PEM, plain": sshKeygen("", "-m", "PEM"),
        "PEM, encrypted": sshKeygen(passphrase, "-m", "PEM"),
        "PKCS#8, plain": sshKeygen("", "-m", "PKCS8"),
        "PKCS#8, encrypted": sshKeygen(passphrase, "-m", "PKCS8"),
      };
      return [kind, { words, forms }];
    }),
  ),
};

/** What else ssh-keygen can be told to encrypt with. */
const openSshCiphers: Forms = Object.fromEntries(
  [
    ...["3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
    ...["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"],
  ].map((cipher) => [`OpenSSH, ${cipher}`, sshKeygen(passphrase, "-Z", cipher)]),
);

/** And OpenSSL. */
const pemCiphers: Forms = {
  ...Object.fromEntries(
    ["des3", "aes128", "aes192", "aes256"].map((cipher) => [
      `PEM, ${cipher}`,
      encrypting("pkey", "-traditional", `-${cipher}`),
    ]),
  ),
  "PKCS#8, des3": inPkcs8("-v2", "des3"),
  "PKCS#8, aes-128-cbc": inPkcs8("-v2", "aes-128-cbc"),
  "PKCS#8, SHA-512": inPkcs8("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"),
  "PKCS#8, scrypt": inPkcs8("-scrypt"),
  "PKCS#8, PBE": inPkcs8("-v1", "PBE-SHA1-3DES"),
};

/** Every kind in every format that it has, plain and encrypted; and one key encrypted in every other way. */
export const writeKeys = async (): Promise<readonly WrittenKey[]> => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-keys-"));
  const written: WrittenKey[] = [];
  /** Writes a key, of which `source` is a plain file, in each form. */
  const write = async (kind: string, source: string, publicLine: string, forms: Forms) => {
    for (const [form, writeForm] of Object.entries(forms)) {
      const file = `${source}.copy`;
      await copyFile(source, file);
      const isPlain = form.endsWith("plain");
      const privateKey = await writeForm(file);
      const name = `${kind}, ${form}`;
      written.push({ name, privateKey, passphrase: isPlain ? undefined : passphrase, publicLine });
    }
  };
  try {
    for (const [kind, { words, forms }] of Object.entries(kinds)) {
      const file = join(folder, kind.replaceAll(" ", "-"));
      await run("ssh-keygen", ["-q", "-t", ...words, "-N", "", "-f", file]);
      const publicLine = (await readFile(`${file}.pub`, "utf8")).trim();
      await write(kind, file, publicLine, forms);
      if (kind !== "ECDSA P-256") continue;
      await write(kind, file, publicLine, openSshCiphers);
      // OpenSSL does not read OpenSSH's own format.
      await sshKeygen("", "-m", "PKCS8")(file);
      await write(kind, file, publicLine, pemCiphers);
    }
    // OpenSSL alone writes Ed25519 as PKCS#8, and has no other form of it.
    const file = join(folder, "openssl-ed25519");
    await run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", file]);
    const forms = {
      "PKCS#8, plain": (path: string) => readFile(path, "utf8"),
      "PKCS#8, encrypted": inPkcs8("-v2", "aes-256-cbc"),
    };
    await write("Ed25519", file, ed25519Line(await readFile(file, "utf8")), forms);
    return written;
  } finally {
    await rm(folder, { recursive: true });
  }
};

const ed25519Line = (privateKey: string): string => {
  const der = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const name = Buffer.from("ssh-ed25519");
  const blob = Buffer.concat([Buffer.of(0, 0, 0, name.length), name, Buffer.of(0, 0, 0, 32), der.subarray(-32)]);
  return `ssh-ed25519 ${blob.toString("base64")}`;
};
