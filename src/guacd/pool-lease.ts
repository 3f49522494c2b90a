import type { DoorPlace } from "../core/door.ts";
import type { GuacdAddress } from "./guacd-address.ts";
import { guacdDown } from "./guacd-down.ts";
import type { GuacdLease } from "./guacd-source.ts";
import { isGuacdFailure } from "./is-guacd-failure.ts";
import type { PoolMember } from "./pool-member.ts";
import type { Started } from "./start-queue.ts";

/** What a lease needs of its pool. */
export interface MemberChoice {
  /** The best member for one more session that is not among these, or undefined. */
  choose(tried: ReadonlySet<PoolMember>): PoolMember | undefined;
  /** A session comes to it; or goes. */
  enter(member: PoolMember): void;
  leave(member: PoolMember): void;
  /** From where the member's guacd may come to a door. Rejects with `SessionFailure`, or the signal's reason. */
  admits(member: PoolMember, signal: AbortSignal): Promise<DoorPlace["admits"]>;
}

/** A session's place at one guacd of a pool, from which it moves on to the next while that one cannot be had. */
export class PoolLease implements GuacdLease {
  readonly processId = null;
  readonly place: DoorPlace;
  readonly #choice: MemberChoice;
  #member: PoolMember;
  #admits: DoorPlace["admits"] = () => false;
  #isReleased = false;

  private constructor(choice: MemberChoice, door: Omit<DoorPlace, "admits">, member: PoolMember) {
    this.#choice = choice;
    this.#member = member;
    this.place = { ...door, admits: (address) => this.#admits(address) };
    choice.enter(member);
  }

  /** Rejects with `SessionFailure`, or the signal's reason. */
  static async take(choice: MemberChoice, door: Omit<DoorPlace, "admits">, signal: AbortSignal): Promise<PoolLease> {
    signal.throwIfAborted();
    const first = choice.choose(new Set());
    if (!first) throw guacdDown("There is no guacd in the pool.");
    const lease = new PoolLease(choice, door, first);
    try {
      await lease.#settle(new Set([first]), signal);
      return lease;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  get address(): GuacdAddress {
    return this.#member.address;
  }

  async start<T extends Started>(open: (address: GuacdAddress) => Promise<T>, signal: AbortSignal): Promise<T> {
    const tried = new Set([this.#member]);
    for (;;) {
      try {
        const hasOther = () => this.#choice.choose(tried) !== undefined;
        return await this.#member.start(open, { hasOther, signal });
      } catch (error) {
        signal.throwIfAborted();
        if (!isGuacdFailure(error) || !this.#move(tried)) throw error;
        await this.#settle(tried, signal);
      }
    }
  }

  async isDescendant(): Promise<boolean> {
    return true;
  }

  suspect(): void {
    this.#member.suspect();
  }

  release(): void {
    if (!this.#isReleased) this.#choice.leave(this.#member);
    this.#isReleased = true;
  }

  /** Goes on to the next one that can be had by its name. */
  async #settle(tried: Set<PoolMember>, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        this.#admits = await this.#choice.admits(this.#member, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        this.#member.fail(error);
        if (!this.#move(tried)) throw error;
      }
    }
  }

  /** False when there is no other one, or nobody needs it any more. */
  #move(tried: Set<PoolMember>): boolean {
    const next = this.#isReleased ? undefined : this.#choice.choose(tried);
    if (!next) return false;
    tried.add(next);
    this.#choice.enter(next);
    this.#choice.leave(this.#member);
    this.#member = next;
    return true;
  }
}
