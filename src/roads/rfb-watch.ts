import type { Endpoint } from "../core/endpoint.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { HandshakeWatch, Side, Sight } from "./handshake-watch.ts";
import { type RfbVerdict, readRfbHandshake, type Wanted } from "./rfb-handshake.ts";

/** The most that one side may say ahead of the other before the watch gives up. */
const maxHeldBytes = 8192;

/** Looks on at an RFB handshake, so that a refused password is told from an unreachable target. */
export class RfbWatch implements HandshakeWatch {
  readonly #handshake = readRfbHandshake();
  readonly #held: Record<Side, Buffer> = { target: nothing, guacd: nothing };
  #wanted: Wanted | undefined;
  #verdict: RfbVerdict | undefined;

  constructor() {
    this.#ask(nothing);
  }

  /** Undefined while it is open. */
  get verdict(): RfbVerdict | undefined {
    return this.#verdict;
  }

  look(from: Side, bytes: Buffer): Sight {
    if (!this.#wanted) return "enough";
    this.#held[from] = Buffer.concat([this.#held[from], bytes]);
    while (this.#wanted && this.#held[this.#wanted.from].length >= this.#wanted.length) {
      const { from: side, length } = this.#wanted;
      const taken = this.#held[side].subarray(0, length);
      this.#held[side] = this.#held[side].subarray(length);
      this.#ask(taken);
    }
    if (this.#wanted && this.#held[from].length <= maxHeldBytes) return "more";
    this.#verdict ??= { kind: "opaque" };
    this.#wanted = undefined;
    this.#held.target = nothing;
    this.#held.guacd = nothing;
    return "enough";
  }

  failure({ host, port }: Endpoint): SessionFailure | null {
    const unreachable = (detail: string) => new SessionFailure("target_unreachable", detail);
    switch (this.#verdict?.kind) {
      case "refused":
        return new SessionFailure("auth_failed", `${host} refused the sign-in${says(this.#verdict.words)}`);
      case "turned_away":
        return unreachable(`${host} turned the connection away${says(this.#verdict.words)}`);
      case "foreign":
        return unreachable(`What answers at ${host} on port ${port} is not a VNC server.`);
      // guacd has failed behind a sign-in that cannot be seen, and nearly always it is the sign-in that failed.
      case "hidden":
        return new SessionFailure(
          "auth_failed",
          `${host} ended the connection at its sign-in. The password may be wrong.`,
        );
      default:
        return null;
    }
  }

  #ask(bytes: Buffer): void {
    const { done, value } = this.#handshake.next(bytes);
    this.#wanted = done ? undefined : value;
    this.#verdict = done ? value : value.known;
  }
}

const nothing = Buffer.alloc(0);

const says = (words: string): string => (words === "" ? "." : ` and says: "${words}"`);
