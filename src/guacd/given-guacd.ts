import type { GuacdAddress } from "./guacd-address.ts";
import type { GuacdFacts, GuacdLease, GuacdSource } from "./guacd-source.ts";
import { StartQueue } from "./start-queue.ts";

/** A guacd that somebody else runs. */
export class GivenGuacd implements GuacdSource {
  /** guacd tells no version to whoever connects. */
  readonly facts: GuacdFacts = { managed: false, version: null, warning: null };
  readonly #lease: GuacdLease;

  constructor(address: GuacdAddress) {
    this.#lease = { address, startQueue: new StartQueue(), processId: null, isDescendant: async () => true };
  }

  async lease(signal: AbortSignal): Promise<GuacdLease> {
    signal.throwIfAborted();
    return this.#lease;
  }

  async close(): Promise<void> {
    // Nothing here is ours to stop.
  }
}
