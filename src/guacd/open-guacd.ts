import type { Socket } from "node:net";
import type { Logger } from "../core/log.ts";
import { SessionFailure } from "../core/session-end.ts";
import { describeAddress, type GuacdAddress } from "./guacd-address.ts";
import { dialGuacd, GuacdChannel, GuacdLost, hangUp } from "./guacd-channel.ts";
import { GuacdProtocolError } from "./guacd-protocol-error.ts";
import { type Handshake, type HandshakeRequest, performHandshake } from "./handshake.ts";

export interface GuacdTimeouts {
  readonly connectMs: number;
  readonly argsMs: number;
  readonly readyMs: number;
  /** A running guacd that says nothing for this long is given up. */
  readonly silenceMs: number;
}

/** `protocol` opens a session; `connectionId` joins one. */
export type OpenLegOptions = Omit<HandshakeRequest, "select"> &
  ({ readonly protocol: string } | { readonly connectionId: string }) & {
    readonly address: GuacdAddress;
    readonly timeouts: GuacdTimeouts;
    readonly signal: AbortSignal;
    readonly log: Logger;
  };

/**
 * A socket to guacd that is past `ready` and paused; the caller destroys it. One start in some hundreds freezes inside guacd,
 * so a silent handshake gets a second connection.
 */
export const openGuacd = async (options: OpenLegOptions): Promise<{ socket: Socket; handshake: Handshake }> => {
  try {
    return await open(options);
  } catch (error) {
    if (!(error instanceof GuacdLost) || error.isUnreachable) throw failureOf(error);
    options.log.warn({ err: error, address: describeAddress(options.address) }, "guacd start repeated");
  }
  try {
    return await open(options);
  } catch (error) {
    throw failureOf(error);
  }
};

const open = async (options: OpenLegOptions): Promise<{ socket: Socket; handshake: Handshake }> => {
  const { address, timeouts, signal } = options;
  const select = "protocol" in options ? options.protocol : options.connectionId;
  const socket = await dialGuacd(address, timeouts.connectMs, signal);
  try {
    const channel = new GuacdChannel(socket);
    const handshake = await performHandshake(channel, { ...options, select }, timeouts, signal);
    channel.release();
    return { socket, handshake };
  } catch (error) {
    hangUp(socket);
    throw error;
  }
};

const failureOf = (error: unknown): unknown => {
  const fail = (detail: string) => new SessionFailure("guacd_failed", detail, { cause: error, status: 514 });
  if (error instanceof GuacdLost) return fail(`${error.message}.`);
  if (error instanceof GuacdProtocolError) return fail(`guacd does not speak its protocol: ${error.message}.`);
  return error;
};
