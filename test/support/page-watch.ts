import type { Page } from "playwright-core";

/** What one page did on the wire and what it complained about. */
export interface PageWatch {
  /** Instructions the page sent to its session, pings left out. */
  sent(opcode: string): string[][];
  received(opcode: string): string[][];
  /** How its session's sockets were closed. */
  closes(): Promise<Array<{ code: number; reason: string }>>;
  /** Console errors, uncaught errors, broken policies and requests to other hosts. */
  complaints(): string[];
}

/** Answers that a page asks for to learn of a refusal; the browser logs each as an error. */
const refusal = /status of (401|403|404|409|410|426)|Unexpected response code: (401|403|404|409|410)/;

/** Watches a page from before its first request. */
export const watchPage = async (page: Page, origin: string): Promise<PageWatch> => {
  const complaints: string[] = [];
  const sent: string[][] = [];
  const received: string[][] = [];
  const { host } = new URL(origin);
  const checkHost = (address: string) => {
    const { protocol, host: asked } = new URL(address);
    if (!["data:", "blob:"].includes(protocol) && asked !== host) complaints.push(`request to ${address}`);
  };
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !refusal.test(message.text())) complaints.push(message.text());
  });
  page.on("request", (request) => checkHost(request.url()));
  page.on("websocket", (socket) => {
    checkHost(socket.url());
    socket.on("framesent", ({ payload }) => sent.push(...instructionsOf(String(payload))));
    socket.on("framereceived", ({ payload }) => received.push(...instructionsOf(String(payload))));
  });
  await page.addInitScript(rememberCloses);
  const named = (all: readonly string[][], opcode: string) =>
    all.filter(([name]) => name === opcode).map((elements) => elements.slice(1));
  return {
    sent: (opcode) => named(sent, opcode),
    received: (opcode) => named(received, opcode),
    closes: () => page.evaluate<Array<{ code: number; reason: string }>>("socketCloses"),
    complaints: () => complaints,
  };
};

/** Playwright does not tell why a socket was closed. */
const rememberCloses = `
  globalThis.socketCloses = [];
  globalThis.WebSocket = class extends WebSocket {
    constructor(...facts) {
      super(...facts);
      this.addEventListener("close", ({ code, reason }) => socketCloses.push({ code, reason }));
    }
  };
`;

const instructionsOf = (message: string): string[][] => {
  const characters = Array.from(message);
  const all: string[][] = [];
  let elements: string[] = [];
  for (let at = 0; at < characters.length; ) {
    const dot = characters.indexOf(".", at);
    const end = dot + 1 + Number(characters.slice(at, dot).join(""));
    elements.push(characters.slice(dot + 1, end).join(""));
    if (characters[end] === ";") {
      if (elements[0] !== "") all.push(elements);
      elements = [];
    }
    at = end + 1;
  }
  return all;
};
