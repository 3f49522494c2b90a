import type { Duplex } from "node:stream";
import type { Endpoint, Road } from "../core/endpoint.ts";
import type { OpenableHop } from "../core/hop.ts";
import { pathOf } from "../core/key-place.ts";
import type { KeyTrust } from "../core/known-key.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { OnWayStep } from "../core/way-step.ts";
import { forwardStream } from "./forward-stream.ts";
import { HopFailure } from "./hop-failure.ts";
import { prepareHostKeyCheck } from "./host-key.ts";
import type { LoopTurns } from "./loop-turns.ts";
import type { AnswerPrompts } from "./sign-in.ts";
import { type HopQuestions, signInWithQuestions } from "./sign-in-with-questions.ts";
import { openSshClient, type SshClient } from "./ssh-client.ts";

/** SSH connections one inside the other. */
export interface HopChain {
  /** A stream to a target as the last hop sees it; the caller closes it. Rejects with `SessionFailure`. */
  forward(target: Endpoint, signal: AbortSignal): Promise<Duplex>;
  /** The first hop that was lost or has fallen silent, with its name; null while all of them answer. */
  failure(): SessionFailure | null;
  /** Closes all of them, the last first. */
  close(): void;
}

export interface HopTimeouts {
  /** For a connection that a hop opens. */
  readonly connectMs: number;
  readonly keyExchangeMs: number;
  readonly authMs: number;
}

export interface HopChainOptions {
  readonly hops: readonly OpenableHop[];
  /** To the first hop. */
  readonly road: Road;
  /** Throws `SessionFailure` for a hop behind another that may not be reached. */
  readonly check: (hop: Endpoint) => void;
  readonly trust: KeyTrust;
  readonly seenBy: string;
  readonly timeouts: HopTimeouts;
  readonly signal: AbortSignal;
  readonly turns: LoopTurns;
  /** A hop behind another is dialled now; `hop` counts from 1. */
  readonly onHop: (hop: number) => void;
  readonly onStep?: OnWayStep | undefined;
  /** Nobody is asked when absent, nor for a hop with neither password nor key. */
  readonly questions?: HopQuestions | undefined;
  /** Hops that refuse to forward are asked what else they forward. */
  readonly explainsRefusals?: boolean | undefined;
  /** Once, when a hop is lost after it was signed in; not after `close`. */
  readonly onLost: (failure: SessionFailure) => void;
}

interface SignedIn {
  readonly client: SshClient;
  readonly hop: OpenableHop;
}

/**
 * Signs in to one hop after the other, each reached through the one before without a listener in between. Rejects with
 * `HopFailure` (`hop_failed`, `host_key_changed`, `target_not_allowed`) or the signal's reason, with nothing left open.
 */
export const openHopChain = async (options: HopChainOptions): Promise<HopChain> => {
  const { hops, road, signal, timeouts, explainsRefusals, onLost } = options;
  const chain: SignedIn[] = [];
  let isClosed = false;
  let lost: HopFailure | null = null;
  const close = () => {
    isClosed = true;
    for (const { client } of chain.splice(0).reverse()) client.close();
  };
  /** A hop that falls silent takes along all behind it, whose own silence may be noticed first. */
  const silentHop = (): HopFailure | null => {
    for (const [index, { client, hop }] of chain.entries()) {
      const sentence = client.silence();
      if (sentence !== null)
        return new HopFailure(index + 1, hop, new SessionFailure("hop_failed", sentence, { fault: "hop_lost" }));
    }
    return null;
  };
  const watch = (number: number, { client, hop }: SignedIn) =>
    client.closed.then((sentence) => {
      if (isClosed) return;
      lost =
        silentHop() ?? new HopFailure(number, hop, new SessionFailure("hop_failed", sentence, { fault: "hop_lost" }));
      close();
      onLost(lost);
    });
  const forward = async (target: Endpoint, wait: AbortSignal): Promise<Duplex> => {
    const number = chain.length;
    const last = chain.at(-1);
    if (!last)
      throw lost ?? new SessionFailure("hop_failed", "The connection to the hops was closed.", { fault: "hop_lost" });
    const { client, hop } = last;
    options.onStep?.({ begins: "forward", hop: number });
    const via = `hop ${number}, ${hop.host}`;
    const { username } = hop;
    const limitMs = timeouts.connectMs;
    const request = { client, via, username, target, limitMs, signal: wait, explainsRefusals };
    return forwardStream(request).catch((error: unknown) => {
      throw lost ?? silentHop() ?? (isFaultOfHop(error) ? new HopFailure(number, hop, error) : error);
    });
  };

  try {
    for (const [index, hop] of hops.entries()) {
      const dial = () => (index === 0 ? road.connect(hop, signal) : forward(hop, signal));
      const client = await signInWithQuestions({
        number: index + 1,
        questions: hop.password || hop.privateKey ? options.questions : undefined,
        signIn: (answerPrompts) => signIn({ index, hop, dial, answerPrompts, options }),
        nameFailure: (error) =>
          lost ?? silentHop() ?? (isUnnamed(error) ? new HopFailure(index + 1, hop, error) : error),
      });
      chain.push({ client, hop });
      if (lost) throw lost;
      void watch(index + 1, { client, hop });
    }
  } catch (error) {
    close();
    throw error;
  }
  return { close, forward, failure: () => lost ?? silentHop() };
};

const isFaultOfHop = (error: unknown): error is SessionFailure =>
  error instanceof SessionFailure && error.end.reason === "hop_failed";

/** A failure that names a hop already lay before the one that was dialled. */
const isUnnamed = (error: unknown): error is SessionFailure =>
  error instanceof SessionFailure && !(error instanceof HopFailure);

const signIn = async ({
  index,
  hop,
  dial,
  answerPrompts,
  options,
}: {
  index: number;
  hop: OpenableHop;
  dial: () => Promise<Duplex>;
  answerPrompts: AnswerPrompts | undefined;
  options: HopChainOptions;
}): Promise<SshClient> => {
  const { hops, check, trust, seenBy, timeouts, signal, turns, onHop } = options;
  const number = index + 1;
  const onStep: OnWayStep = (step) => options.onStep?.({ ...step, hop: number });
  if (index > 0) {
    onHop(number);
    onStep({ begins: "policy" });
    check(hop);
  }
  const place = { trust, path: pathOf(hops.slice(0, index)), target: hop };
  const hostKeyCheck = await prepareHostKeyCheck({ ...place, pinnedLine: hop.hostKey, seenBy });
  const stream = await dial();
  onStep({ begins: "key_exchange" });
  const asking = answerPrompts ? { answerPrompts } : {};
  const how = { hostKeyCheck, timeouts, signal, turns, onStep };
  return openSshClient({ stream, target: hop, credentials: hop, ...how, ...asking });
};
