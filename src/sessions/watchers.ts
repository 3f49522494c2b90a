import type { Logger } from "../core/log.ts";
import type { Notice } from "../core/notices.ts";
import { ownerLabel } from "../core/principal.ts";
import type { HeldBytes } from "../guacd/guacd-leg.ts";
import type { Attachment } from "../tunnel/attachment.ts";
import { type Opening, Seat, type SeatPolicy } from "./seat.ts";

/** Who looks on at a session. Its owner is told of each. */
export class Watchers {
  readonly #seats = new Map<Seat, (seat: Seat) => void>();
  readonly #policy: SeatPolicy;
  readonly #tell: (notice: Notice) => void;
  readonly #log: Logger;

  constructor(options: { policy: SeatPolicy; tell: (notice: Notice) => void; log: Logger }) {
    this.#policy = options.policy;
    this.#tell = options.tell;
    this.#log = options.log;
  }

  get count(): number {
    return this.#seats.size;
  }

  get heldBytes(): HeldBytes[] {
    return [...this.#seats.keys()].map((seat) => seat.heldBytes);
  }

  /** `onLeft` is called once when it is gone. */
  add(opening: Opening, onLeft: (seat: Seat) => void): Seat {
    const seat: Seat = new Seat(
      opening,
      this.#policy,
      {
        onInput: () => undefined,
        onSize: () => undefined,
        onAnswer: () => undefined,
        onEnd: () => {
          seat.attachment.close(0, "");
          this.#remove(seat);
        },
        onDetached: (cause) => {
          this.#log.info({ cause }, "watcher detached");
          this.#remove(seat);
        },
      },
      this.#log,
    );
    this.#seats.set(seat, onLeft);
    this.#told(seat, true);
    return seat;
  }

  /** Sends all of them away; a notice goes before. */
  closeAll(close: (attachment: Attachment) => void): void {
    for (const seat of [...this.#seats.keys()]) {
      close(seat.attachment);
      this.#remove(seat);
    }
  }

  /** Tells a browser that has heard of none of them. */
  tellAll(): void {
    for (const seat of this.#seats.keys()) this.#told(seat, true);
  }

  #remove(seat: Seat): void {
    const onLeft = this.#seats.get(seat);
    if (!this.#seats.delete(seat)) return;
    seat.leave();
    this.#told(seat, false);
    onLeft?.(seat);
  }

  #told({ actor }: Seat, joined: boolean): void {
    const name = ownerLabel(actor.principal);
    this.#tell({ kind: "watching", name, mode: "view", joined, count: this.count });
  }
}
