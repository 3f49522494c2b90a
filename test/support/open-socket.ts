import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import type { Answer } from "./http.ts";

/** An open socket, which belongs to the caller, with what it heard from its first moment on. */
export interface OpenSocket {
  readonly socket: WebSocket;
  readonly messages: string[];
  /** Resolves when it has closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** Asks for a WebSocket. Gives the open one, or the refusal as any other answer. `protocols` are what it offers. */
export const openSocket = (
  url: string,
  headers: Record<string, string> = {},
  protocols: string[] = ["guacamole"],
): Promise<OpenSocket | Answer> => {
  const { promise, resolve, reject } = Promise.withResolvers<OpenSocket | Answer>();
  const closing = Promise.withResolvers<{ code: number; reason: string }>();
  const socket = new WebSocket(url.replace(/^http/, "ws"), protocols, { headers });
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  socket.once("open", () => resolve({ socket, messages, closed: closing.promise }));
  socket.once("close", (code, reason) => closing.resolve({ code, reason: String(reason) }));
  socket.once("error", reject);
  socket.once("unexpected-response", (_, response) => {
    text(response).then(
      (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body }),
      reject,
    );
  });
  return promise;
};

/** Expects that the socket was opened. */
export const opened = (result: OpenSocket | Answer): OpenSocket => {
  if ("socket" in result) return result;
  throw new Error(`refused: ${result.text}`);
};
