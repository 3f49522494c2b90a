import { certificateFingerprint } from "../core/certificate-fingerprint.ts";
import type { Endpoint } from "../core/endpoint.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { HandshakeWatch, Side, Sight } from "./handshake-watch.ts";
import { readRdpConfirm } from "./rdp-connection-confirm.ts";
import { readTlsServerFlight } from "./tls-server-flight.ts";

type Verdict =
  /** The certificate that was checked, or nothing that anybody could be taken in by. */
  | { readonly kind: "harmless" }
  | { readonly kind: "other"; readonly fingerprint: string }
  | { readonly kind: "plain" }
  | { readonly kind: "foreign" }
  /** No certificate where one has to be. */
  | { readonly kind: "opaque" };

/**
 * Looks on at guacd's own connection to an RDP target and cuts it when the target shows another certificate than the one
 * that was checked, or wants to go without. Under TLS 1.3 the certificate cannot be seen and the connection passes.
 */
export class RdpWatch implements HandshakeWatch {
  readonly #expected: string;
  readonly #opening: Generator<number, Verdict, Buffer>;
  #held = Buffer.alloc(0);
  #wantedBytes: number | undefined;
  #verdict: Verdict | undefined;

  /** `isNegotiated`: the server answers a connection request before TLS begins. */
  constructor(options: { fingerprint: string; isNegotiated: boolean }) {
    this.#expected = options.fingerprint;
    this.#opening = readOpening(options.fingerprint, options.isNegotiated);
    this.#take(this.#opening.next());
  }

  look(from: Side, bytes: Buffer): Sight {
    if (from === "guacd") return "more";
    this.#held = Buffer.concat([this.#held, bytes]);
    while (this.#wantedBytes !== undefined && this.#held.length >= this.#wantedBytes) {
      const taken = this.#held.subarray(0, this.#wantedBytes);
      this.#held = this.#held.subarray(this.#wantedBytes);
      this.#take(this.#opening.next(taken));
    }
    if (!this.#verdict) return "more";
    return this.#verdict.kind === "harmless" ? "enough" : "cut";
  }

  failure({ host, port }: Endpoint): SessionFailure | null {
    const untrusted = (detail: string) => new SessionFailure("certificate_untrusted", detail);
    switch (this.#verdict?.kind) {
      case "other":
        return untrusted(
          `${host} showed another certificate than a moment before. Now: ${this.#verdict.fingerprint}. Expected: ` +
            `${this.#expected}. Several machines may share this address, or someone may be in between. Nothing was sent to it.`,
        );
      case "plain":
        return untrusted(
          `${host} had a certificate a moment before and now wants to go without. Someone may be in between. ` +
            "Nothing was sent to it.",
        );
      case "opaque":
        return untrusted(`${host} secures the connection in a way that shows no certificate. Nothing was sent to it.`);
      case "foreign":
        return new SessionFailure(
          "target_unreachable",
          `What answers at ${host} on port ${port} is not an RDP server.`,
        );
      default:
        return null;
    }
  }

  #take({ done, value }: IteratorResult<number, Verdict>): void {
    this.#wantedBytes = done ? undefined : value;
    this.#verdict = done ? value : undefined;
  }
}

function* readOpening(expected: string, isNegotiated: boolean): Generator<number, Verdict, Buffer> {
  if (isNegotiated) {
    const confirm = yield* readRdpConfirm();
    // After a refusal FreeRDP hangs up, and tries something else on another connection.
    if (confirm.kind === "refused") return { kind: "harmless" };
    if (confirm.kind !== "tls") return confirm;
  }
  const flight = yield* readTlsServerFlight();
  if (flight.kind === "opaque") return flight;
  if (flight.kind !== "shown") return { kind: "harmless" };
  const fingerprint = certificateFingerprint(flight.certificate);
  return fingerprint === expected ? { kind: "harmless" } : { kind: "other", fingerprint };
}
