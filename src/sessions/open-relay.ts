import { pathOf } from "../core/key-place.ts";
import type { KeyTrust } from "../core/known-key.ts";
import type { Logger } from "../core/log.ts";
import type { SessionEnd } from "../core/session-end.ts";
import { prepareHostKeyCheck } from "../ssh/host-key.ts";
import type { LoopTurns } from "../ssh/loop-turns.ts";
import { openSshRelay } from "../ssh/relay.ts";
import type { RelayEnd } from "../ssh/relay-session.ts";
import { openSshClient } from "../ssh/ssh-client.ts";
import { askServerQuestions } from "./ask-server-questions.ts";
import { askUntilSignedIn } from "./ask-until-signed-in.ts";
import type { OpenRelay } from "./reach-target.ts";

export interface SshTimeouts {
  readonly keyExchangeMs: number;
  readonly authMs: number;
  readonly channelMs: number;
}

/** Binds the SSH relay to the gateway's known hosts and limits: host key, sign-in, relay, in this order. */
export const createOpenRelay =
  (deps: {
    trust: KeyTrust;
    timeouts: () => SshTimeouts;
    guacdTimeoutMs: () => number;
    turns: LoopTurns;
    log: Logger;
  }): OpenRelay =>
  async ({
    target,
    credentials,
    hostKey,
    command,
    environment,
    road,
    hops,
    disposal,
    seenBy,
    lease,
    prompts,
    onProven,
    onEnd,
  }) => {
    const { signal } = disposal;
    const { turns } = deps;
    const timeouts = deps.timeouts();
    const hostKeyCheck = await prepareHostKeyCheck({
      trust: deps.trust,
      path: pathOf(hops),
      target,
      pinnedLine: hostKey,
      seenBy,
    });
    const client = await askUntilSignedIn({
      credentials,
      prompts,
      signIn: async (tried) => {
        const stream = await road.connect(target, signal);
        const answerPrompts = askServerQuestions(prompts);
        const how = { hostKeyCheck, timeouts, signal, turns, answerPrompts };
        const signedIn = await openSshClient({ stream, target, credentials: tried, ...how });
        onProven(tried);
        return signedIn;
      },
    });
    disposal.add("ssh client", () => client.close());
    const relay = await openSshRelay({
      client,
      command,
      environment,
      guard: lease,
      channelTimeoutMs: timeouts.channelMs,
      guacdTimeoutMs: deps.guacdTimeoutMs(),
      turns,
      log: deps.log,
    });
    disposal.add("ssh relay", () => relay.close());
    void relay.ended.then((end) => {
      const ended = sessionEndOf(end, command !== null);
      if (ended) onEnd(ended);
    });
    return relay.endpoint;
  };

const sessionEndOf = (end: RelayEnd, isCommand: boolean): SessionEnd | undefined => {
  switch (end.kind) {
    case "exit":
      return { reason: "target_closed", detail: exitSentence(end.code, end.signal, isCommand) };
    case "lost":
      return { reason: "target_closed", detail: end.cause };
    case "unused":
      return { reason: "guacd_failed", detail: "The session host did not come for the session." };
    case "left":
      return undefined;
  }
};

const exitSentence = (code: number | null, signal: string | null, isCommand: boolean): string => {
  const what = isCommand ? "The command" : "The shell";
  if (signal === "another") return `${what} was ended by a signal.`;
  if (signal !== null) return `${what} was ended by signal ${signal}.`;
  if (code === null) return `${what} ended.`;
  return `${what} ended with exit status ${code}.`;
};
