import type { KeyTrust } from "../../src/core/known-key.ts";
import { Secret } from "../../src/core/secret.ts";
import { createDirectRoad } from "../../src/roads/direct-road.ts";
import { resolveName } from "../../src/roads/resolve-name.ts";
import { createTargetPolicy } from "../../src/roads/target-policy.ts";
import { prepareHostKeyCheck } from "../../src/ssh/host-key.ts";
import { LoopTurns } from "../../src/ssh/loop-turns.ts";
import type { AnswerPrompts } from "../../src/ssh/sign-in.ts";
import { openSshClient, type SshClient } from "../../src/ssh/ssh-client.ts";
import { hostKeyMemory } from "./host-key-memory.ts";

/** A road that may reach loopback. */
export const loopbackRoad = createDirectRoad({
  policy: createTargetPolicy({ allow: { ssh: ["127.0.0.0/8"] }, ownListeners: () => [] }),
  protocol: "ssh",
  resolve: resolveName,
  connectTimeoutMs: 2_000,
});

/** Signs in to a server on loopback as a session does: road, host key, sign-in. */
export const openTestClient = async (options: {
  port: number;
  username?: string;
  password?: string;
  privateKey?: string;
  passphrase?: string;
  trust?: KeyTrust;
  pinnedLine?: string;
  answerPrompts?: AnswerPrompts;
  timeouts?: { keyExchangeMs: number; authMs: number };
  signal?: AbortSignal;
}): Promise<SshClient> => {
  const target = { host: "127.0.0.1", port: options.port };
  const signal = options.signal ?? new AbortController().signal;
  const secret = (text: string | undefined) => (text === undefined ? null : new Secret(text));
  return openSshClient({
    stream: await loopbackRoad.connect(target, signal),
    target,
    credentials: {
      username: options.username ?? null,
      password: secret(options.password),
      privateKey: secret(options.privateKey),
      passphrase: secret(options.passphrase),
    },
    hostKeyCheck: await prepareHostKeyCheck({
      trust: options.trust ?? hostKeyMemory(),
      path: "",
      target,
      pinnedLine: options.pinnedLine ?? null,
      seenBy: "test",
    }),
    timeouts: options.timeouts ?? { keyExchangeMs: 5_000, authMs: 10_000 },
    signal,
    turns: new LoopTurns(),
    ...(options.answerPrompts ? { answerPrompts: options.answerPrompts } : {}),
  });
};
