import { addressList } from "../core/address-list.ts";
import { type DoorPlace, loopbackPlace } from "../core/door.ts";
import { SessionFailure } from "../core/session-end.ts";
import { abortable } from "./abortable.ts";
import type { GuacdAddress } from "./guacd-address.ts";
import { dialGuacd, hangUp } from "./guacd-channel.ts";
import type { GuacdFacts, GuacdLease, GuacdSource } from "./guacd-source.ts";
import { StartQueue } from "./start-queue.ts";

/** A guacd that somebody else runs. */
export class GivenGuacd implements GuacdSource {
  /** guacd tells no version to whoever connects. */
  readonly facts: GuacdFacts = { managed: false, version: null, warning: null };
  readonly #address: GuacdAddress;
  readonly #door: Omit<DoorPlace, "admits">;
  readonly #resolve: (host: string) => Promise<readonly string[]>;
  readonly #startQueue = new StartQueue();
  readonly #closing = new AbortController();
  #knock: { readonly atMs: number; readonly isUp: Promise<boolean> } | undefined;

  constructor(options: {
    address: GuacdAddress;
    door: Omit<DoorPlace, "admits">;
    /** All addresses of a name. */
    resolve: (host: string) => Promise<readonly string[]>;
  }) {
    this.#address = options.address;
    this.#door = options.door;
    this.#resolve = options.resolve;
  }

  async lease(signal: AbortSignal): Promise<GuacdLease> {
    signal.throwIfAborted();
    return {
      address: this.#address,
      startQueue: this.#startQueue,
      place: { ...this.#door, admits: await this.#admits(signal) },
      processId: null,
      isDescendant: async () => true,
    };
  }

  /** Knocks at guacd, every ten seconds at most: it writes a line about whoever leaves without a session. */
  isUp(): Promise<boolean> {
    const nowMs = performance.now();
    if (!this.#knock || nowMs - this.#knock.atMs >= knockEveryMs) this.#knock = { atMs: nowMs, isUp: this.#answers() };
    return this.#knock.isUp;
  }

  get startsWaiting(): number {
    return this.#startQueue.waiting;
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  async #answers(): Promise<boolean> {
    try {
      hangUp(await dialGuacd(this.#address, knockLimitMs, this.#closing.signal));
      return true;
    } catch {
      return false;
    }
  }

  /** Anybody can knock at a door that is not on loopback, so guacd's own addresses, as they are now, are asked for. */
  async #admits(signal: AbortSignal): Promise<DoorPlace["admits"]> {
    if (this.#door.bindAddress === loopbackPlace.bindAddress) return loopbackPlace.admits;
    const { host } = this.#address;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(resolveLimitMs)]);
      return addressList(await abortable(this.#resolve(host), limit)).has;
    } catch (error) {
      signal.throwIfAborted();
      throw new SessionFailure("guacd_failed", `The name of guacd, ${host}, was not found.`, {
        cause: error,
        status: 514,
        fault: "guacd_down",
      });
    }
  }
}

const resolveLimitMs = 5000;
const knockLimitMs = 2000;
const knockEveryMs = 10_000;
