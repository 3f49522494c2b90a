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

/**
 * Asks a guacd what it knows of a protocol, and hangs up before anything is connected. Rejects with `SessionFailure`
 * (`guacd_failed`) when it does not answer or does not know the protocol.
 */
export const askArguments = async (options: {
  address: GuacdAddress;
  protocol: string;
  timeouts: { readonly connectMs: number; readonly argsMs: number };
  signal: AbortSignal;
}): Promise<KnownArguments> => {
  const { address, protocol, timeouts, signal } = options;
  const fail = (fault: "guacd_down" | "guacd_silent" | "guacd_protocol_missing", detail: string, cause: unknown) =>
    new SessionFailure("guacd_failed", detail, { fault, cause, status: 514 });
  const socket = await dialGuacd(address, timeouts.connectMs, signal).catch((error: unknown) => {
    if (!(error instanceof GuacdLost)) throw error;
    throw fail("guacd_down", `guacd cannot be reached at ${describeAddress(address)}.`, error);
  });
  try {
    const { offered, argNames } = await selectProtocol(new GuacdChannel(socket), protocol, timeouts.argsMs, signal);
    return { version: offered, argNames };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GuacdLost && !socket.readableEnded && !socket.destroyed) {
      throw fail(
        "guacd_silent",
        `guacd takes connections but says nothing: silent for ${timeouts.argsMs / 1000} s.`,
        error,
      );
    }
    if (error instanceof GuacdProtocolError) throw fail("guacd_silent", `${error.message}.`, error);
    throw fail("guacd_protocol_missing", `guacd serves no ${protocol.toUpperCase()} sessions.`, error);
  } finally {
    hangUp(socket);
  }
};
