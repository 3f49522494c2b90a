import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, RequestError } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "../core/log.ts";
import type { Environment } from "./environment.ts";
import { unreadableResponse } from "./unreadable.ts";
import { asksForWebSocket, createUpgrader, rawResponse } from "./upgrade.ts";

/** A listening server. `close` refuses new connections, waits for running requests up to `limitMs`, then cuts. */
export interface Listener {
  readonly port: number;
  /** Open WebSockets, and the bytes that wait in them for slow browsers. */
  sockets(): { readonly open: number; readonly heldBytes: number };
  /** Reads the certificate again for connections from now on; a broken one rejects and the old one stays. Null without TLS. */
  reloadCertificate(): Promise<CertificateFacts | null>;
  /** Refuses new connections; those that are there go on. */
  stopAccepting(): void;
  close(limitMs: number): Promise<void>;
}

/** What one connection may cost before anybody is known. The checks run every second, so a limit is late by one at most. */
const limits = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16_384,
};
const tlsHandshakeTimeoutMs = 10_000;
/** A connection on which nothing moves, because the peer takes no answer. WebSockets have their own watch. */
const stillSocketTimeoutMs = 60_000;

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
  log: Logger;
}): Promise<Listener> => {
  const { app, log } = options;
  const handle = getRequestListener((request, env) => app.fetch(request, { incoming: env.incoming }), {
    overrideGlobalObjects: false,
    errorHandler: (error) => {
      if (!(error instanceof RequestError)) throw error;
      return unreadableResponse(log, undefined, error.name);
    },
  });
  // A request without Host is answered here, like every other that is not whole, and not by Node with an empty body.
  const settings = { ...limits, requireHostHeader: false, shouldUpgradeCallback: asksForWebSocket };
  const { tls } = options;
  const secure =
    tls &&
    createHttpsServer(
      { ...settings, handshakeTimeout: tlsHandshakeTimeoutMs, ...(await readCertificate(tls)) },
      handle,
    );
  const server: Server = secure ?? createHttpServer(settings, handle);
  server.setTimeout(stillSocketTimeoutMs);

  const upgrader = createUpgrader({ app, log });
  server.on("upgrade", upgrader.handle);
  const answering = new WeakSet<Duplex>();
  server.on("request", ({ socket }, response) => {
    answering.add(socket);
    response.once("close", () => answering.delete(socket));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // In the middle of a request its own answer and log line stand; here only what never became one is answered.
    const isOver = !socket.writable || error.code === "ECONNRESET" || answering.has(socket);
    if (isOver || !(socket instanceof Socket)) return socket.destroy();
    rawResponse(unreadableResponse(log, socket.remoteAddress, error.code ?? "")).then(
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
    sockets: () => upgrader.load(),
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
