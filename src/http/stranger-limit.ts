import type { Socket } from "node:net";
import { addressKey } from "./address-key.ts";
import { peerAddress } from "./client-address.ts";

/**
 * Limits how many connections one address may have open on which nobody is known yet, so that no stranger uses up what a
 * process may have open. Counted by peer: behind a proxy that is not exempt, all callers are one.
 */
export class StrangerLimit {
  readonly #most: number;
  readonly #isExempt: (address: string) => boolean;
  /** Ports of the peers, by address. */
  readonly #strangers = new Map<string, Set<number>>();

  /** `most` 0: no limit. */
  constructor(most: number, isExempt: (address: string) => boolean) {
    this.#most = most;
    this.#isExempt = isExempt;
  }

  /** Counts a connection until it closes; false when its address has too many, and then it is not counted. */
  admits(socket: Socket): boolean {
    const peer = peerAddress(socket);
    const { remotePort } = socket;
    if (this.#most === 0 || remotePort === undefined || this.#isExempt(peer)) return true;
    const key = addressKey(peer);
    const ports = this.#strangers.get(key) ?? new Set();
    if (ports.size >= this.#most) return false;
    this.#strangers.set(key, ports.add(remotePort));
    socket.once("close", () => this.#forget(key, remotePort));
    return true;
  }

  /** It is known who calls by this connection, which is none of a stranger any more. */
  known(socket: Socket): void {
    if (socket.remotePort !== undefined) this.#forget(addressKey(peerAddress(socket)), socket.remotePort);
  }

  #forget(key: string, port: number): void {
    const ports = this.#strangers.get(key);
    ports?.delete(port);
    if (ports?.size === 0) this.#strangers.delete(key);
  }
}
