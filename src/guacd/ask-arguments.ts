import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import { describeAddress, type GuacdAddress } from "./guacd-address.ts";
import { dialGuacd, GuacdChannel, GuacdLost, hangUp } from "./guacd-channel.ts";
import { GuacdProtocolError } from "./guacd-protocol-error.ts";
import { selectProtocol } from "./handshake.ts";

/** What a guacd knows of a protocol. */
export interface KnownArguments {
  /** Of guacd's own protocol, such as `VERSION_1_5_0`. */
  readonly version: string;
  readonly argNames: readonly string[];
}

interface AskOptions {
  readonly address: GuacdAddress;
  readonly protocol: string;
  readonly timeouts: { readonly connectMs: number; readonly argsMs: number };
  readonly signal: AbortSignal;
}

/**
 * Asks a guacd what it knows of a protocol, and hangs up before anything is connected. Rejects with `SessionFailure`
 * (`guacd_failed`) when it does not answer or does not know the protocol.
 */
export const askArguments = async (options: AskOptions): Promise<KnownArguments> => {
  const { address, protocol, timeouts, signal } = options;
  const fail = (fault: Fault, detail: string, cause: unknown) =>
    new SessionFailure("guacd_failed", detail, { fault, cause, status: 514 });
  try {
    return await ask(options);
  } catch (error) {
    if (!(error instanceof GuacdLost || error instanceof GuacdProtocolError)) throw error;
    if (error instanceof GuacdLost && error.isUnreachable)
      throw fail("guacd_down", `guacd cannot be reached at ${describeAddress(address)}.`, error);
    // One without the protocol's library says nothing at all (1.3.0), so only another protocol tells the two apart.
    const others = commonProtocols.filter((other) => other !== protocol);
    const answers = await Promise.all(
      others.map((other) => ask({ ...options, protocol: other }).catch(() => signal.throwIfAborted())),
    );
    if (answers.some((answer) => answer))
      throw fail("guacd_protocol_missing", `guacd serves no ${protocol.toUpperCase()} sessions.`, error);
    const seconds = timeouts.argsMs / 1000;
    throw fail("guacd_silent", `guacd takes connections but gives no answer within ${seconds} s.`, error);
  }
};

const commonProtocols = ["ssh", "vnc", "rdp"];

const ask = async ({ address, protocol, timeouts, signal }: AskOptions): Promise<KnownArguments> => {
  const socket = await dialGuacd(address, timeouts.connectMs, signal);
  try {
    const { offered, argNames } = await selectProtocol(new GuacdChannel(socket), protocol, timeouts.argsMs, signal);
    return { version: offered, argNames };
  } finally {
    hangUp(socket);
  }
};
