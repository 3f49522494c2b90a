import { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
import type { Endpoint, Road } from "../core/endpoint.ts";
import { type RdpRefusal, readRdpConfirm } from "./rdp-connection-confirm.ts";
import {
  type Preconnection,
  type RdpSecurity,
  rdpConnectionRequest,
  rdpPreconnection,
} from "./rdp-connection-request.ts";
import { OutOfTime, within } from "./within.ts";

/** What an RDP server answers to whoever asks for its certificate. */
export type RdpGreeting =
  | {
      readonly kind: "certificate";
      readonly certificate: X509Certificate;
      /** Why its chain is not to be trusted, as OpenSSL names it (`CERT_HAS_EXPIRED`), or null. Says nothing about its name. */
      readonly chainFault: string | null;
      /** Null where it was not negotiated. */
      readonly hasNla: boolean | null;
    }
  /** RDP's own encryption: there is no certificate. */
  | { readonly kind: "plain" }
  | { readonly kind: "refused"; readonly code: RdpRefusal }
  /** What speaks there is no RDP server. */
  | { readonly kind: "foreign" }
  /** It let go before it had shown a certificate; `isHeard` when it had said something. */
  | { readonly kind: "closed"; readonly isHeard: boolean }
  /** It has said nothing for as long as it may. */
  | { readonly kind: "silent" }
  | { readonly kind: "tls_failed"; readonly cause: unknown };

export interface RdpGreetingRequest {
  /** As the session asks for it; `any` when it does not. */
  readonly security?: RdpSecurity | undefined;
  /** What a connection broker chooses the machine by. */
  readonly routingToken?: string | undefined;
  readonly preconnection?: Preconnection | undefined;
  /** Who may vouch for a certificate, and the TLS that is spoken. */
  readonly authorities: SecureContext;
  /** From the connection on; the road has a limit of its own. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks an RDP server for its certificate over a connection of our own, as far as TLS goes, and hangs up: nobody signs in.
 * No name is sent inside TLS, as guacd sends none that the server knows. Rejects as the road does, and with the signal's
 * reason.
 */
export const readRdpCertificate = async (
  road: Road,
  target: Endpoint,
  request: RdpGreetingRequest,
): Promise<RdpGreeting> => {
  const stream = await road.connect(target, request.signal);
  try {
    stream.on("error", () => undefined);
    return await within(greet(stream, request), request.timeoutMs, request.signal);
  } catch (error) {
    if (error instanceof OutOfTime) return { kind: "silent" };
    throw error;
  } finally {
    stream.destroy();
  }
};

const greet = async (stream: Duplex, request: RdpGreetingRequest): Promise<RdpGreeting> => {
  const { security = "any", routingToken, preconnection, authorities } = request;
  if (preconnection) {
    if (security === "rdp") return { kind: "plain" };
    stream.write(rdpPreconnection(preconnection));
    return await readChain(stream, authorities, null);
  }
  stream.write(rdpConnectionRequest({ security, routingToken }));
  const confirm = await parse(stream, readRdpConfirm());
  return confirm.kind === "tls" ? await readChain(stream, authorities, confirm.hasNla) : confirm;
};

type Closed = Extract<RdpGreeting, { kind: "closed" }>;

/** Takes from the stream what the parser asks for, and leaves what follows. */
const parse = <T>(stream: Duplex, parser: Generator<number, T, Buffer>): Promise<T | Closed> => {
  const { promise, resolve } = Promise.withResolvers<T | Closed>();
  let step = parser.next();
  let isHeard = false;
  const onClosed = () => resolve({ kind: "closed", isHeard });
  const onReadable = () => {
    while (!step.done) {
      const bytes: Buffer | null = stream.read(step.value);
      if (bytes === null) return;
      isHeard = true;
      // What is left at the end is given out even when it is too little.
      if (bytes.length < step.value) return onClosed();
      step = parser.next(bytes);
    }
    resolve(step.value);
  };
  stream.on("readable", onReadable);
  stream.once("end", onClosed);
  stream.once("close", onClosed);
  return promise.finally(() => {
    stream.off("readable", onReadable);
    stream.off("end", onClosed);
    stream.off("close", onClosed);
  });
};

/** The certificate is judged by our own rules, so the handshake itself takes any. */
const readChain = (stream: Duplex, authorities: SecureContext, hasNla: boolean | null): Promise<RdpGreeting> => {
  const { promise, resolve } = Promise.withResolvers<RdpGreeting>();
  const socket: TLSSocket = connect({
    socket: stream,
    secureContext: authorities,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  socket.once("secureConnect", () => {
    const shown = socket.getPeerX509Certificate();
    if (!shown) return resolve({ kind: "tls_failed", cause: new Error("no certificate was shown") });
    const chainFault = socket.authorized ? null : String(socket.authorizationError);
    resolve({ kind: "certificate", certificate: new X509Certificate(shown.raw), chainFault, hasNla });
  });
  socket.on("error", (cause) => resolve({ kind: "tls_failed", cause }));
  socket.once("close", () => resolve({ kind: "closed", isHeard: true }));
  return promise.finally(() => socket.destroy());
};
