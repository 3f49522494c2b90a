import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, Socket } from "node:net";
import { getRequestListener, RequestError } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "../core/log.ts";
import type { Environment } from "./environment.ts";
import { inTurn } from "./in-turn.ts";
import { StrangerLimit } from "./stranger-limit.ts";
import { unreadableResponse } from "./unreadable.ts";
import { asksForWebSocket, createUpgrader, rawResponse } from "./upgrade.ts";

/** A listening server. `close` refuses new connections, waits for running requests up to `limitMs`, then cuts. */
export interface Listener {
  readonly port: number;
  /** Open WebSockets. */
  readonly socketCount: number;
  /** Reads the certificate again for connections from now on; a broken one rejects and the old one stays. Null without TLS. */
  reloadCertificate(): Promise<CertificateFacts | null>;
  /** Refuses new connections; those that are there go on. */
  stopAccepting(): void;
  close(limitMs: number): Promise<void>;
}

/** What one connection may cost before anybody is known. */
export interface ListenerLimits {
  readonly headersTimeoutSeconds: number;
  readonly bodyTimeoutSeconds: number;
  readonly keepAliveSeconds: number;
  readonly tlsHandshakeTimeoutSeconds: number;
  /** For a caller that takes nothing of its answer. WebSockets have their own watch. */
  readonly slowReaderSeconds: number;
  /** Connections of one address on which nobody is known; 0 = no limit. */
  readonly maxConnectionsPerAddress: number;
}

const maxHeaderBytes = 16_384;
/** How often Node looks at its time limits: each is late by that at most. */
const checkEveryMs = 1_000;
/** Whoever waits for a body gives up first and says why; this is for the bodies that nobody waits for. */
const unreadBodyGraceMs = 2_000;

/** Where a certificate chain and its private key lie, in PEM. */
export interface CertificatePaths {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Which certificate it is now. */
export interface CertificateFacts {
  readonly subject: string;
  /** As OpenSSL writes a time. */
  readonly validTo: string;
}

const readCertificate = async ({ certPath, keyPath }: CertificatePaths) => ({
  cert: await readFile(certPath),
  key: await readFile(keyPath),
});

/** Serves `app` over http, or https when a certificate is given, with WebSockets. */
export const listen = async (options: {
  app: OpenAPIHono<Environment>;
  host: string;
  port: number;
  tls: CertificatePaths | null;
  limits: ListenerLimits;
  /** Whose connections are not counted. */
  isTrustedProxy: (address: string) => boolean;
  /** A connection was cut because its address has too many. */
  onRefused: () => void;
  log: Logger;
}): Promise<Listener> => {
  const { app, limits, log } = options;
  const strangers = new StrangerLimit(limits.maxConnectionsPerAddress, options.isTrustedProxy);
  const tooLate = `The request did not arrive in time: headers have ${limits.headersTimeoutSeconds} s, a body ${limits.bodyTimeoutSeconds} s.`;
  const unreadable = (peer: string | undefined, code: string) =>
    unreadableResponse(log, peer, code, code === "ERR_HTTP_REQUEST_TIMEOUT" ? tooLate : undefined);
  const knownBy = (incoming: { readonly socket: Socket }) => ({
    incoming,
    onKnown: () => strangers.known(incoming.socket),
  });
  const { handle, unanswered } = inTurn(
    getRequestListener((request, { incoming }) => app.fetch(request, knownBy(incoming)), {
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        if (!(error instanceof RequestError)) throw error;
        return unreadable(undefined, error.name);
      },
    }),
  );
  const headersTimeout = limits.headersTimeoutSeconds * 1000;
  const settings = {
    headersTimeout,
    requestTimeout: headersTimeout + limits.bodyTimeoutSeconds * 1000 + unreadBodyGraceMs,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    connectionsCheckingInterval: checkEveryMs,
    maxHeaderSize: maxHeaderBytes,
    // A request without Host is answered here, like every other that is not whole, and not by Node with an empty body.
    requireHostHeader: false,
    shouldUpgradeCallback: asksForWebSocket,
  };
  const { tls } = options;
  const secure =
    tls &&
    createHttpsServer(
      { ...settings, handshakeTimeout: limits.tlsHandshakeTimeoutSeconds * 1000, ...(await readCertificate(tls)) },
      handle,
    );
  const server: Server = secure ?? createHttpServer(settings, handle);
  server.on("connection", (socket: Socket) => {
    if (strangers.admits(socket)) return;
    options.onRefused();
    socket.destroy();
  });

  const upgrader = createUpgrader({
    fetch: (request, env) => app.fetch(request, { ...env, ...knownBy(env.incoming) }),
    log,
  });
  server.on("upgrade", upgrader.handle);
  // Nothing has moved: for the keep-alive time, or for so long that an answer must be stuck. Node's own limits see to the rest.
  server.setTimeout(limits.slowReaderSeconds * 1000, (socket) => {
    if (socket.writableLength > 0 || unanswered(socket) === 0) socket.destroy();
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // In the middle of a request its own answer and log line stand; here only what never became one is answered.
    const isHttp = /^(HPE|ERR_HTTP)_/.test(error.code ?? "");
    if (!isHttp || !socket.writable || unanswered(socket) || !(socket instanceof Socket)) return socket.destroy();
    rawResponse(unreadable(socket.remoteAddress, error.code ?? "")).then(
      (bytes) => socket.end(bytes, () => socket.destroy()),
      () => socket.destroy(),
    );
  });

  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(options.port, options.host, listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;

  const closed = Promise.withResolvers<void>();
  const stopAccepting = () => {
    if (!server.listening) return;
    server.close(() => closed.resolve());
    server.closeIdleConnections();
  };

  return {
    port,
    get socketCount() {
      return upgrader.openCount;
    },
    reloadCertificate: async () => {
      if (!tls || !secure) return null;
      const read = await readCertificate(tls);
      secure.setSecureContext(read);
      const { subject, validTo } = new X509Certificate(read.cert);
      return { subject, validTo };
    },
    stopAccepting,
    close: async (limitMs) => {
      stopAccepting();
      // What was upgraded is no connection of the server's any more, yet its end is waited for.
      const cut = setTimeout(() => {
        server.closeAllConnections();
        upgrader.close();
      }, limitMs);
      await closed.promise;
      clearTimeout(cut);
    },
  };
};
