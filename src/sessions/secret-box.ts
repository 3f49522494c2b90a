import type { Sealer } from "../core/sealer.ts";
import { Secret } from "../core/secret.ts";

/** What a session must keep between its creation and its owner's attach: sealed, bound to the session's id. */
export interface SecretBox {
  seal(sessionId: string, secrets: Readonly<Record<string, Secret<string>>>): Buffer | null;
  open(sessionId: string, sealed: Buffer | null): Readonly<Record<string, Secret<string>>>;
}

export const createSecretBox = (sealer: Sealer): SecretBox => ({
  seal: (sessionId, secrets) => {
    const names = Object.keys(secrets);
    if (names.length === 0) return null;
    const plain = Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));
    return sealer.seal(JSON.stringify(plain), contextOf(sessionId));
  },
  open: (sessionId, sealed) => {
    if (sealed === null) return {};
    const plain: Record<string, string> = JSON.parse(sealer.open(sealed, contextOf(sessionId)).toString());
    return Object.fromEntries(Object.entries(plain).map(([name, text]) => [name, new Secret(text)]));
  },
});

const contextOf = (sessionId: string): string => `session:${sessionId}`;
