import { readFile } from "node:fs/promises";
import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { WebSocketServer } from "ws";
import type { Logger } from "../core/log.ts";
import type { Environment, UpgradeSlot } from "./environment.ts";

/** A listening server. `close` refuses new connections, waits for running requests up to `limitMs`, then cuts. */
export interface Listener {
  readonly port: number;
  close(limitMs: number): Promise<void>;
}

/** Bytes in one message of a browser; what guacd takes at most is half of it. */
const maxMessageBytes = 64 * 1024;

/**
 * Serves `app` over http, or https when a certificate is given. An upgrade runs through the same app as any request: it
 * is refused with a real status, or the handler puts what to do with the socket into the upgrade slot.
 */
export const listen = async (options: {
  app: OpenAPIHono<Environment>;
  host: string;
  port: number;
  tls: { certPath: string; keyPath: string } | null;
  log: Logger;
}): Promise<Listener> => {
  const { app, log } = options;
  const handle = getRequestListener((request, env) => app.fetch(request, { incoming: env.incoming }), {
    overrideGlobalObjects: false,
  });
  const limits = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 };
  const server: Server = options.tls
    ? createHttpsServer(
        { ...limits, cert: await readFile(options.tls.certPath), key: await readFile(options.tls.keyPath) },
        handle,
      )
    : createHttpServer(limits, handle);

  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has("guacamole") ? "guacamole" : false),
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", (error) => log.debug({ err: error }, "socket failed before its upgrade"));
    upgrade(app, sockets, incoming, socket, head).catch((error) => {
      log.error({ err: error }, "upgrade failed");
      socket.destroy();
    });
  });

  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(options.port, options.host, listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;

  return {
    port,
    close: async (limitMs) => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), limitMs);
      await closed.promise;
      clearTimeout(cut);
      sockets.close();
    },
  };
};

const upgrade = async (
  app: OpenAPIHono<Environment>,
  sockets: WebSocketServer,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> => {
  const slot: UpgradeSlot = {};
  const response = await app.fetch(toRequest(incoming), { incoming, upgrade: slot });
  const { accept } = slot;
  if (accept) sockets.handleUpgrade(incoming, socket, head, accept);
  else await refuse(socket, response);
};

const toRequest = (incoming: IncomingMessage): Request => {
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] ?? "", incoming.rawHeaders[i + 1] ?? "");
  // The host part only makes the URL whole; the Host header is what is checked.
  return new Request(new URL(incoming.url ?? "/", "http://upgrade.invalid"), {
    method: incoming.method ?? "GET",
    headers,
  });
};

const refuse = async (socket: Duplex, response: Response): Promise<void> => {
  const body = Buffer.from(await response.arrayBuffer());
  const headers = [...response.headers, ["Content-Length", String(body.length)], ["Connection", "close"]];
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${response.status} \r\n${head}\r\n`), body]));
};
