import { createHash, randomBytes } from "node:crypto";
import { Secret } from "../core/secret.ts";

/** A fresh 256-bit credential in plain text, `<prefix><43 characters of base64url>`. Shown once, stored as its hash. */
export const newToken = (prefix: string): Secret<string> => new Secret(prefix + randomBytes(32).toString("base64url"));

/** What the database keeps of a credential. A plain SHA-256 suffices: the input has 256 bits of chance. */
export const hashToken = (token: Secret<string>): string => createHash("sha256").update(token.reveal()).digest("hex");
