import { onTestFinished } from "vitest";
import type { DoorGuard } from "../../src/core/door.ts";
import { silentLogger } from "../../src/core/log.ts";
import { LoopTurns } from "../../src/ssh/loop-turns.ts";
import { openSshRelay, type SshRelay } from "../../src/ssh/relay.ts";
import { openTestClient } from "./open-test-client.ts";
import { guardForMe } from "./relay-visitor.ts";
import type { SshHost } from "./ssh-host.ts";

/** A relay to a server, signed in with its password, that lets this very process in unless told otherwise. */
export const openTestRelay = async (
  { port, username, password }: Pick<SshHost, "port" | "username" | "password">,
  options: {
    command?: string;
    environment?: Record<string, string>;
    filesAllowed?: boolean;
    guard?: DoorGuard;
    guacdTimeoutMs?: number;
    channelTimeoutMs?: number;
  } = {},
): Promise<SshRelay> => {
  const relay = await openSshRelay({
    client: await openTestClient({ port, username, password }),
    command: null,
    environment: {},
    guard: options.guard ?? (await guardForMe()),
    channelTimeoutMs: 5_000,
    guacdTimeoutMs: 10_000,
    turns: new LoopTurns(),
    log: silentLogger,
    ...options,
  });
  onTestFinished(() => relay.close());
  return relay;
};
