import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { silentLogger } from "../../src/core/log.ts";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { Attachment, type AttachmentHandlers } from "../../src/tunnel/attachment.ts";
import type { AttachmentMode } from "../../src/tunnel/up-filter.ts";

// One browser's socket whose two sides are not equally fast: real sockets, so that the kernel's buffers take part.

const opened: Array<{ close(): unknown }> = [];
afterEach(() => {
  for (const each of opened.splice(0).reverse()) each.close();
});

const attach = async (
  slowReaderSeconds: number,
  handlers: Pick<Partial<AttachmentHandlers>, "onInstruction"> = {},
  { mode = "owner", pingSeconds = 60 }: { mode?: AttachmentMode; pingSeconds?: number } = {},
) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  opened.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const browser = new WebSocket(`ws://127.0.0.1:${port}`);
  opened.push({ close: () => browser.terminate() });
  const received: string[] = [];
  browser.on("message", (data) => received.push(String(data)));
  const connection = once(server, "connection");
  await once(browser, "open");
  const socket: WebSocket = (await connection)[0];
  const told = {
    onInstruction: vi.fn(() => true),
    onSize: vi.fn(),
    onAnswer: vi.fn(),
    onEnd: vi.fn(),
    onDetached: vi.fn(),
    onDrain: vi.fn(() => undefined),
    ...handlers,
  };
  const attachment = new Attachment({
    socket,
    mode,
    tunnelId: "tunnel",
    pasteAllowed: true,
    keysAsUtf16: false,
    slowReaderSeconds,
    pingSeconds,
    traffic: { down: { add: () => undefined }, up: { add: () => undefined } },
    handlers: told,
    log: silentLogger,
  });
  return { attachment, browser, socket, received, told };
};

const picture = Buffer.from(encodeInstruction(["blob", "1", "x".repeat(6_000)]));
/** Sends as a session does: until it is asked to pause. */
const sendUntilPaused = (attachment: Attachment): number => {
  for (let count = 1; count <= 20_000; count++) if (!attachment.send(picture)) return count;
  throw new Error("never asked to pause");
};

describe("a browser that stops reading", () => {
  test("makes the sender pause with little held, and gets every byte once it reads on", async () => {
    const { attachment, browser, socket, received, told } = await attach(60);
    browser.pause();
    const count = sendUntilPaused(attachment);
    expect(socket.bufferedAmount).toBeLessThan(1024 * 1024);
    expect(told.onDrain).not.toHaveBeenCalled();

    browser.resume();
    await vi.waitFor(() => expect(told.onDrain).toHaveBeenCalledTimes(1));
    await vi.waitFor(() => expect(received.filter((message) => message === picture.toString())).toHaveLength(count));
    expect(told.onDetached).not.toHaveBeenCalled();
    expect(attachment.send(picture)).toBe(true);
  });

  test("is cut when it takes nothing at all for its limit", async () => {
    const { attachment, browser, received, told } = await attach(1);
    // The kernel takes the first megabytes: only what it no longer takes waits for the browser.
    told.onDrain.mockImplementation(() => void sendUntilPaused(attachment));
    browser.pause();
    const startMs = performance.now();
    sendUntilPaused(attachment);
    await vi.waitFor(() => expect(told.onDetached).toHaveBeenCalledWith("slow"), { timeout: 10_000 });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(1_000);
    const closed = once(browser, "close");
    browser.resume();
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1002, "776"]);
    expect(received.at(-1)).toContain("The browser took nothing for 1 s.");
    expect(told.onDetached).toHaveBeenCalledTimes(1);
  });
});

test("a guacd that takes no more holds the browser back: what it sends waits in the sockets and arrives in order", async () => {
  let isFull = true;
  const taken: string[] = [];
  const { attachment, browser, socket } = await attach(60, {
    onInstruction: (instructions) => {
      taken.push(instructions);
      return !isFull;
    },
  });
  const sent = Array.from({ length: 200 }, (_, index) => encodeInstruction(["key", String(1000 + index), "1"]));
  browser.send(sent[0] ?? "");
  await vi.waitFor(() => expect(taken).toHaveLength(1));

  for (const message of sent.slice(1)) browser.send(message);
  await vi.waitFor(() => expect(browser.bufferedAmount).toBe(0));
  expect(socket.isPaused).toBe(true);
  expect(taken).toHaveLength(1);

  isFull = false;
  attachment.resume();
  await vi.waitFor(() => expect(taken).toEqual(sent));
});

describe("a browser that sends without reading", () => {
  /** Sends until the gateway takes no more of it: what is left waits at the browser. */
  const flood = async (browser: WebSocket, message: string, socket: WebSocket) => {
    browser.pause();
    let most = 0;
    await vi.waitFor(
      () => {
        for (let count = 0; count < 20; count++) browser.send(message);
        most = Math.max(most, socket.bufferedAmount);
        expect(socket.isPaused).toBe(true);
      },
      { timeout: 20_000, interval: 10 },
    );
    return Math.max(most, socket.bufferedAmount);
  };

  test.each([
    ["pings", ["", "ping", "x".repeat(8_000)]],
    ["what is refused", ["file", "1", "t", "n"]],
  ])("%s is read no further once little waits for it, and goes on when it reads", async (_, elements) => {
    const { browser, socket, received } = await attach(60);
    const instruction = encodeInstruction(elements);
    const message = instruction.repeat(Math.floor(65_000 / instruction.length));
    expect(await flood(browser, message, socket)).toBeLessThan(512 * 1024);
    const before = received.length;
    browser.resume();
    await vi.waitFor(() => expect(browser.bufferedAmount).toBe(0), { timeout: 20_000 });
    await vi.waitFor(() => expect(received.length).toBeGreaterThan(before));
    await vi.waitFor(() => expect(socket.isPaused).toBe(false));
  });

  test("is cut when it takes nothing for its limit", async () => {
    const { browser, socket, told } = await attach(1);
    const ping = encodeInstruction(["", "ping", "x".repeat(8_000)]);
    await flood(browser, ping.repeat(8), socket);
    await vi.waitFor(() => expect(told.onDetached).toHaveBeenCalledWith("slow"), { timeout: 10_000 });
  });
});

test("who looks on is never waited for, and is cut with status 776 before 1 MiB waits for it", async () => {
  const { attachment, browser, socket, received, told } = await attach(60, {}, { mode: "view" });
  browser.pause();
  let most = 0;
  for (let count = 0; count < 20_000 && told.onDetached.mock.calls.length === 0; count++) {
    expect(attachment.send(picture)).toBe(true);
    most = Math.max(most, socket.bufferedAmount);
  }
  expect(told.onDetached.mock.calls).toEqual([["behind"]]);
  expect(most).toBeLessThan(768 * 1024);
  const closed = once(browser, "close");
  browser.resume();
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1002, "776"]);
  expect(received.at(-1)).toContain("This window fell behind the session.");
});

test("a browser whose input guacd does not take is not taken for a silent one", async () => {
  let isFull = true;
  const pings = vi.fn();
  const { attachment, browser, told } = await attach(60, { onInstruction: () => !isFull }, { pingSeconds: 0.05 });
  browser.on("ping", pings);
  browser.send(encodeInstruction(["key", "97", "1"]));
  await vi.waitFor(() => expect(pings.mock.calls.length).toBeGreaterThan(8), { timeout: 10_000 });
  expect(told.onDetached).not.toHaveBeenCalled();
  isFull = false;
  attachment.resume();
  const seen = pings.mock.calls.length;
  await vi.waitFor(() => expect(pings.mock.calls.length).toBeGreaterThan(seen + 4), { timeout: 10_000 });
  expect(told.onDetached).not.toHaveBeenCalled();
});

test("a browser that answers no ping is gone after the third", async () => {
  const { browser, told } = await attach(60, {}, { pingSeconds: 0.1 });
  // Reading nothing, it does not see the pings.
  browser.pause();
  await vi.waitFor(() => expect(told.onDetached).toHaveBeenCalledWith("silent"), { timeout: 10_000 });
});
