import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Logger } from "../core/log.ts";
import type { Environment, UpgradeSlot } from "./environment.ts";
import { unreadableResponse } from "./unreadable.ts";

/** Answers a request, as the app does. */
type Fetch = (request: Request, env: Omit<Environment["Bindings"], "onKnown">) => Response | Promise<Response>;

/** Bytes in one message of a browser; what guacd takes at most is half of it. */
const maxMessageBytes = 64 * 1024;

/**
 * Whether a request opens a WebSocket (RFC 6455, 4.2.1). Anything else that names an upgrade, `h2c` or a broken handshake,
 * is a plain request and is answered as one.
 */
export const asksForWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === "GET" &&
  headers.upgrade?.toLowerCase() === "websocket" &&
  headers["sec-websocket-version"] === "13" &&
  /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "");

/**
 * Runs upgrades through the same app as any request: they are refused with a real status, or the handler puts what to do
 * with the open socket into the upgrade slot. `close` refuses further ones and cuts those that
 * are open.
 */
export const createUpgrader = ({ fetch, log }: { fetch: Fetch; log: Logger }) => {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has("guacamole") ? "guacamole" : false),
  });

  const upgrade = async (incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const request = toRequest(incoming);
    if (!request) return refuse(socket, unreadableResponse(log, incoming.socket.remoteAddress, "ERR_INVALID_URL"));
    const slot: UpgradeSlot = {};
    const response = await fetch(request, { incoming, upgrade: slot });
    const { accept } = slot;
    if (accept) sockets.handleUpgrade(incoming, socket, head, accept);
    else await refuse(socket, response);
  };

  return {
    handle: (incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
      socket.on("error", (error) => log.debug({ err: error }, "socket failed before its upgrade"));
      upgrade(incoming, socket, head).catch((error) => {
        log.error({ err: error }, "upgrade failed");
        socket.destroy();
      });
    },
    get openCount(): number {
      return sockets.clients.size;
    },
    close: () => {
      sockets.close();
      for (const socket of sockets.clients) socket.terminate();
    },
  };
};

/** Undefined when the address is none. */
const toRequest = ({ url = "", rawHeaders }: IncomingMessage): Request | undefined => {
  // The host part only makes the URL whole; the Host header is what is checked.
  const address = URL.parse(url.startsWith("/") ? `http://upgrade.invalid${url}` : url);
  if (!address) return undefined;
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  return new Request(address, { headers });
};

const refuse = async (socket: Duplex, response: Response): Promise<void> => {
  const text = await rawResponse(response);
  // A peer that never closes its side must not keep the socket.
  socket.end(text, () => socket.destroy());
};

/** An answer as bytes, for a socket that the HTTP server has let go of. It asks for the connection to be closed. */
export const rawResponse = async (response: Response): Promise<Buffer> => {
  const body = Buffer.from(await response.arrayBuffer());
  const { headers, status } = response;
  headers.set("Content-Length", String(body.length));
  headers.set("Connection", "close");
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} \r\n${lines}\r\n`), body]);
};
