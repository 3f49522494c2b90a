import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { silentLogger } from "../../../src/core/log.ts";
import { openGuacd } from "../../../src/guacd/open-guacd.ts";
import { portOf } from "../../support/port-of.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Opens towards a guacd whose n-th connection behaves as the n-th function says. */
const openTowards = async (...connections: ((socket: Socket) => void)[]) => {
  let count = 0;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    closers.push(() => socket.destroy());
    connections[count++]?.(socket);
  }).listen(0, "127.0.0.1");
  closers.push(() => server.close());
  const port = await portOf(server);
  const outcome = await openGuacd({
    address: { host: "127.0.0.1", port, tls: null },
    protocol: "ssh",
    args: {},
    display: { width: 1, height: 1, dpi: 1 },
    image: [],
    timezone: null,
    name: null,
    timeouts: { connectMs: 1000, argsMs: 100, readyMs: 100, silenceMs: 1000 },
    signal: new AbortController().signal,
    log: silentLogger,
  }).then(
    ({ handshake, socket }) => {
      closers.push(() => socket.destroy());
      return handshake;
    },
    (error: unknown) => error,
  );
  return { outcome, count };
};

const silent = (socket: Socket) => void socket.resume();
const halfWay = (socket: Socket) => void socket.once("data", () => socket.write("4.args,13.VERSION_1_3_0;"));
const healthy = (socket: Socket) => {
  socket.on("data", (data) => {
    if (data.includes("6.select")) socket.write("4.args,13.VERSION_1_3_0;");
    if (data.includes("7.connect")) socket.write("5.ready,37.$00000000-0000-0000-0000-000000000000;");
  });
};
const refusing = (socket: Socket) => void socket.once("data", () => socket.write("5.error,2.No,3.519;"));

test.each([
  ["args", silent],
  ["ready", halfWay],
])("a start that freezes before %s is repeated once on a new connection", async (_, frozen) => {
  const { outcome, count } = await openTowards(frozen, healthy);
  expect(outcome).toMatchObject({ version: "VERSION_1_3_0" });
  expect(count).toBe(2);
});

test("a start that freezes twice ends as guacd_failed", async () => {
  const { outcome, count } = await openTowards(silent, silent, healthy);
  expect(outcome).toMatchObject({ end: { reason: "guacd_failed", status: 514 } });
  expect(count).toBe(2);
});

test("a refusal is not repeated", async () => {
  const { outcome, count } = await openTowards(refusing, healthy);
  expect(outcome).toMatchObject({ end: { reason: "target_unreachable", detail: "No", status: 519 } });
  expect(count).toBe(1);
});
