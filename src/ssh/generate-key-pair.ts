import { generateKeyPairSync } from "node:crypto";
import { Secret } from "../core/secret.ts";
import { toOpenSsh } from "./openssh-format.ts";

/** A fresh Ed25519 key: the private half as an OpenSSH file, the public half as a line for authorized_keys. */
export const generateKeyPair = (): { readonly privateKey: Secret<string>; readonly publicLine: string } => {
  const written = toOpenSsh(generateKeyPairSync("ed25519").privateKey);
  if (!written) throw new Error("Ed25519 is missing from this build of Node");
  return {
    privateKey: new Secret(written.privatePem),
    publicLine: `${written.keyType} ${written.publicBlob.toString("base64")} sallyport`,
  };
};
