import { once } from "node:events";
import { WebSocket } from "ws";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { parseInstructions } from "../../src/guacd/instruction-parser.ts";

/** A Guacamole client without a screen: it opens a session's WebSocket and remembers what came. */
export interface TunnelClient {
  readonly socket: WebSocket;
  /** Everything received so far, as elements with the opcode first. */
  readonly received: readonly string[][];
  /** The first instruction that `matches`, past or future; rejects when the socket closes without it. */
  waitFor(matches: (elements: string[]) => boolean): Promise<string[]>;
  send(...elements: string[]): void;
  /** Resolves when the socket is closed, with its code and reason. */
  readonly closed: Promise<{ code: number; reason: string }>;
}

const unlimited = { elementCodePoints: 1e9, instructionBytes: 1e9, elements: 1e9 };

/** Connects; rejects with the refused upgrade's status in the message. */
export const openTunnel = async (url: string, headers: Readonly<Record<string, string>>): Promise<TunnelClient> => {
  const socket = new WebSocket(url.replace(/^http/, "ws"), "guacamole", { headers });
  const received: string[][] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (message) => {
    for (const elements of parseInstructions(String(message), unlimited)) {
      received.push(elements);
      // As a browser does after drawing; guacd slows down for whoever does not.
      if (elements[0] === "sync") socket.send(encodeInstruction(["sync", elements[1] ?? ""]));
    }
    for (const look of waiting) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await once(socket, "open");
  socket.on("error", () => undefined);
  return {
    socket,
    received,
    closed,
    send: (...elements) => socket.send(encodeInstruction(elements)),
    waitFor: (matches) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = received.find(matches);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void closed.then(({ code, reason }) => reject(new Error(`closed with ${code} and "${reason}" before it came`)));
      }),
  };
};

/** Types text as key events, as a keyboard does. */
export const typeText = (client: TunnelClient, text: string): void => {
  for (const character of text) {
    const keysym = String(character === "\n" ? 0xff0d : character.codePointAt(0));
    client.send("key", keysym, "1");
    client.send("key", keysym, "0");
  }
};

export const notices = (client: TunnelClient): unknown[] =>
  client.received.filter(([opcode]) => opcode === "sp-notice").map(([, json]) => JSON.parse(json ?? "null"));
