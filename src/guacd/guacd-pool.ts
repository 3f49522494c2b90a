import { addressList } from "../core/address-list.ts";
import { type DoorPlace, loopbackPlace } from "../core/door.ts";
import type { Logger } from "../core/log.ts";
import { abortable } from "./abortable.ts";
import { describeAddress, type GuacdAddress } from "./guacd-address.ts";
import { guacdDown } from "./guacd-down.ts";
import type { GuacdFacts, GuacdLease, GuacdSource, GuacdState } from "./guacd-source.ts";
import { type MemberChoice, PoolLease } from "./pool-lease.ts";
import { type MemberChecks, PoolMember } from "./pool-member.ts";

/**
 * Guacds that somebody else runs, one or more. A session goes to the one with the least sessions, in turn among equals; one that
 * does not answer gets none while another does.
 */
export class GuacdPool implements GuacdSource {
  /** guacd tells no version to whoever connects. */
  readonly facts: GuacdFacts = { managed: false, version: null, warning: null };
  readonly #door: Omit<DoorPlace, "admits">;
  readonly #resolve: (host: string) => Promise<readonly string[]>;
  readonly #checks: MemberChecks;
  readonly #log: Logger;
  readonly #choice: MemberChoice = {
    choose: (tried) => this.#choose(tried),
    enter: (member) => this.#enter(member),
    leave: (member) => this.#leave(member),
    admits: (member, signal) => this.#admits(member, signal),
  };
  #members: readonly PoolMember[] = [];
  #turns = 0;

  constructor(options: {
    addresses: readonly GuacdAddress[];
    door: Omit<DoorPlace, "admits">;
    /** All addresses of a name. */
    resolve: (host: string) => Promise<readonly string[]>;
    checks: MemberChecks;
    log: Logger;
  }) {
    this.#door = options.door;
    this.#resolve = options.resolve;
    this.#checks = options.checks;
    this.#log = options.log;
    this.use(options.addresses);
  }

  /** From now on these are the pool. One that is not among them gets no new sessions, and is forgotten with its last. */
  use(addresses: readonly GuacdAddress[]): void {
    const wanted = new Map(addresses.map((address) => [describeAddress(address), address]));
    for (const member of this.#members) {
      const name = describeAddress(member.address);
      const address = wanted.get(name);
      if (address) member.address = address;
      if (!address && !member.isDraining) this.#log.info({ address: name, sessions: member.sessions }, "guacd drains");
      member.isDraining = address === undefined;
      wanted.delete(name);
    }
    const fresh = [...wanted.values()].map(
      (address) => new PoolMember({ address, checks: this.#checks, log: this.#log }),
    );
    this.#members = [...this.#members, ...fresh];
    this.#forgetDrained();
  }

  lease(signal: AbortSignal): Promise<GuacdLease> {
    return PoolLease.take(this.#choice, this.#door, signal);
  }

  async isUp(): Promise<boolean> {
    const ups = this.#members.map(async (member) => {
      await member.looked;
      if (member.state !== "up") throw new Error(`guacd is ${member.state}`);
    });
    return Promise.any(ups).then(
      () => true,
      () => false,
    );
  }

  get states(): readonly GuacdState[] {
    return this.#members.map(({ state }) => state);
  }

  get startsWaiting(): number {
    return this.#members.reduce((sum, { startsWaiting }) => sum + startsWaiting, 0);
  }

  async close(): Promise<void> {
    for (const member of this.#members) member.close();
  }

  /** One that is down only for want of a better one, and only at first: what fails then tells why. */
  #choose(tried: ReadonlySet<PoolMember>): PoolMember | undefined {
    const open = this.#members.filter((member) => !member.isDraining && !tried.has(member));
    const healthy = open.filter(({ isHealthy }) => isHealthy);
    const [best] = (healthy.length > 0 || tried.size > 0 ? healthy : open).toSorted(
      (one, other) => one.sessions - other.sessions || one.turn - other.turn,
    );
    return best;
  }

  #enter(member: PoolMember): void {
    member.sessions += 1;
    member.turn = ++this.#turns;
  }

  #leave(member: PoolMember): void {
    member.sessions -= 1;
    this.#forgetDrained();
  }

  #forgetDrained(): void {
    const isDone = ({ isDraining, sessions }: PoolMember) => isDraining && sessions === 0;
    for (const member of this.#members.filter(isDone)) {
      member.close();
      this.#log.info({ address: describeAddress(member.address) }, "guacd drained");
    }
    this.#members = this.#members.filter((member) => !isDone(member));
  }

  /** Anybody can knock at a door that is not on loopback, so guacd's own addresses, as they are now, are asked for. */
  async #admits({ address: { host } }: PoolMember, signal: AbortSignal): Promise<DoorPlace["admits"]> {
    if (this.#door.bindAddress === loopbackPlace.bindAddress) return loopbackPlace.admits;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(resolveLimitMs)]);
      return addressList(await abortable(this.#resolve(host), limit)).has;
    } catch (error) {
      signal.throwIfAborted();
      throw guacdDown(`The name of guacd, ${host}, was not found.`, error);
    }
  }
}

const resolveLimitMs = 5000;
