import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { SessionFailure } from "../../../src/core/session-end.ts";
import { dialGuacd, GuacdChannel, GuacdLost } from "../../../src/guacd/guacd-channel.ts";
import { GuacdProtocolError } from "../../../src/guacd/guacd-protocol-error.ts";
import { agreedVersion, type HandshakeRequest, performHandshake } from "../../../src/guacd/handshake.ts";
import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { officialParse } from "../../support/official-parser.ts";
import { portOf } from "../../support/port-of.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const id = "$00000000-0000-0000-0000-000000000000";
const request: HandshakeRequest = {
  select: "ssh",
  args: { port: "22", hostname: "härte😀", "no-such": "x", toString: "y" },
  display: { width: 800, height: 600, dpi: 96 },
  image: ["image/png", "image/webp"],
  timezone: "Europe/Vienna",
  name: "Zoé 😀",
};

/** Plays a guacd that answers each opcode as the script says; gives the outcome and what it was sent. */
const shakeWith = async (
  script: Record<string, string>,
  limitMs = 1000,
  signal = new AbortController().signal,
  more: Partial<HandshakeRequest> = {},
) => {
  const sent: string[][] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      for (const instruction of officialParse(data.toString("utf8"))) {
        sent.push(instruction);
        const answer = script[instruction[0] ?? ""];
        if (answer === "FIN") socket.end();
        else if (answer !== undefined) socket.write(answer);
      }
    });
  }).listen(0, "127.0.0.1");
  closers.push(() => server.close());
  const port = await portOf(server);
  const socket: Socket = await dialGuacd({ host: "127.0.0.1", port, tls: null }, 1000, signal);
  closers.push(() => socket.destroy());
  const channel = new GuacdChannel(socket);
  const limits = { argsMs: limitMs, readyMs: limitMs };
  const outcome = await performHandshake(channel, { ...request, ...more }, limits, signal).catch(
    (error: unknown) => error,
  );
  channel.release();
  return { outcome, sent, socket };
};

const args = encodeInstruction(["args", "VERSION_1_3_0", "hostname", "host-key", "port", "toLocaleString"]);
const ready = encodeInstruction(["ready", id]);

test("arguments stand where guacd's names stand, unknown ones are reported, inherited names are not values", async () => {
  const { outcome, sent } = await shakeWith({ select: args, connect: ready });
  expect(outcome).toEqual({
    connectionId: id,
    version: "VERSION_1_3_0",
    argNames: ["hostname", "host-key", "port", "toLocaleString"],
    ignored: ["no-such", "toString"],
  });
  expect(sent).toEqual([
    ["select", "ssh"],
    ["size", "800", "600", "96"],
    ["audio"],
    ["video"],
    ["image", "image/png", "image/webp"],
    ["timezone", "Europe/Vienna"],
    ["name", "Zoé 😀"],
    ["connect", "VERSION_1_3_0", "härte😀", "", "22", ""],
  ]);
});

test("what follows ready is left in the socket", async () => {
  const { socket } = await shakeWith({ select: args, connect: `${ready}3.nop;4.sy` });
  socket.resume();
  const [rest]: Buffer[] = await once(socket, "data");
  expect(rest?.toString()).toBe("3.nop;4.sy");
});

test("what nobody asked for fills gaps where guacd knows the name, and is not missed elsewhere", async () => {
  const defaults = (known: ReadonlySet<string>) => ({
    "host-key": known.has("port") ? "k" : "unknown",
    port: "1",
    "resize-method": "display-update",
  });
  const { outcome, sent } = await shakeWith({ select: args, connect: ready }, 1000, undefined, { defaults });
  expect(sent.at(-1)).toEqual(["connect", "VERSION_1_3_0", "härte😀", "k", "22", ""]);
  expect(outcome).toMatchObject({ ignored: ["no-such", "toString"] });
});

test("nop and unknown instructions in between do no harm", async () => {
  const { outcome } = await shakeWith({ select: `3.nop;3.log,2.hi;${args}`, connect: `3.nop;${ready}` });
  expect(outcome).toMatchObject({ connectionId: id });
});

test.each(["select", "connect"])("an error after %s ends it with guacd's status", async (opcode) => {
  const { outcome } = await shakeWith({ select: args, connect: ready, [opcode]: "5.error,7.Refused,3.520;" });
  expect(outcome).toBeInstanceOf(SessionFailure);
  expect(outcome).toMatchObject({ end: { reason: "target_unreachable", detail: "Refused", status: 520 } });
});

test.each([
  ["disconnect", "10.disconnect;"],
  ["hanging up", "FIN"],
])("%s in the handshake is a loss", async (_, answer) => {
  expect((await shakeWith({ select: answer })).outcome).toBeInstanceOf(GuacdLost);
  expect((await shakeWith({ select: args, connect: answer })).outcome).toBeInstanceOf(GuacdLost);
});

test.each([{}, { select: args }])("silence is a loss after the time limit, whichever step it is", async (script) => {
  expect((await shakeWith(script, 50)).outcome).toBeInstanceOf(GuacdLost);
});

test("nops do not prolong the time limit", async () => {
  const server = createServer((socket) => {
    const timer = setInterval(() => socket.write("3.nop;"), 10);
    socket.on("close", () => clearInterval(timer)).on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  closers.push(() => server.close());
  const port = await portOf(server);
  const { signal } = new AbortController();
  const socket = await dialGuacd({ host: "127.0.0.1", port, tls: null }, 1000, signal);
  closers.push(() => socket.destroy());
  const shaking = performHandshake(new GuacdChannel(socket), request, { argsMs: 100, readyMs: 100 }, signal);
  await expect(shaking).rejects.toBeInstanceOf(GuacdLost);
});

test.each([
  ["VERSION_1_3_0", "VERSION_1_3_0"],
  ["VERSION_1_5_0", "VERSION_1_5_0"],
  ["VERSION_1_6_0", "VERSION_1_5_0"],
  ["VERSION_2_0_0", "VERSION_1_5_0"],
  ["VERSION_1_10_0", "VERSION_1_5_0"],
])("to a guacd that offers %s the answer is %s", (offered, agreed) => {
  expect(agreedVersion(offered)).toBe(agreed);
});

test("a guacd that offers no version is refused: its first name would be taken for one", () => {
  expect(() => agreedVersion("hostname")).toThrow(GuacdProtocolError);
});
