/** What has changed, so that whoever shows it looks again; it carries no state of its own. */
export type Change =
  /** A session was made, has changed in something that its view shows, or is gone. */
  | { readonly kind: "session"; readonly sessionId: string }
  /** A login has ended, or what a key or person may do has changed. */
  | { readonly kind: "access" };

/** Tells changes to whoever listens, on every node. */
export interface Bus {
  publish(change: Change): void;
  /** `hear` must not throw. Gives what ends the listening. */
  subscribe(hear: (change: Change) => void): () => void;
}

/** The bus of a gateway that stands alone. */
export class LocalBus implements Bus {
  readonly #hearers = new Set<(change: Change) => void>();

  publish(change: Change): void {
    for (const hear of [...this.#hearers]) hear(change);
  }

  subscribe(hear: (change: Change) => void): () => void {
    // Of its own, so that whoever listens twice is told twice and stops once.
    const own = (change: Change) => hear(change);
    this.#hearers.add(own);
    return () => void this.#hearers.delete(own);
  }
}
