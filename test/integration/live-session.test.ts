import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, typeText } from "../support/tunnel-client.ts";

let host: SshHost;
let gateway: TestGateway;
let api: SessionApi;

const apiAt = async (at: TestGateway) => {
  return sessionApi(at, (await at.signIn("poweruser")).cookie, targetOf(host));
};

beforeAll(async () => {
  host = await startSshHost();
  gateway = await startTestGateway();
  api = await apiAt(gateway);
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

test("the first message is a tunnel id of its own, pings come back, and the first sync makes the session active", async () => {
  const id = await api.create();
  const client = await api.attach(id);
  client.send("", "ping", "12345");
  await client.waitFor(([opcode, kind]) => opcode === "" && kind === "ping");
  await client.waitFor(isSync);
  await expect.poll(async () => (await api.read(id)).status).toBe("active");
  expect(client.received[0]).toEqual(["", expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  expect(client.received.flat().join()).not.toMatch(/\$[0-9a-f-]{36}/);
  expect(await api.read(id)).toMatchObject({ active_connections: 1, started_at: expect.any(String) });
  const steps = notices(client).map((notice) => z.object({ step: z.string(), state: z.string() }).parse(notice));
  expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual(
    ["policy", "target", "host", "picture"].flatMap((step) => [`${step} running`, `${step} done`]),
  );
  client.send("disconnect");
  expect(await client.closed).toEqual({ code: 1000, reason: "0" });
  await expect.poll(() => api.read(id)).toMatchObject({ status: "ended", end_reason: "closed" });
});

test("DELETE by the owner cuts the browser with 523 and ends the shell on the target", async () => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  typeText(client, "echo $$ > shell.pid\n");
  const shell = await expect.poll(() => readFile(join(host.home, "shell.pid"), "utf8").catch(() => ""), {
    timeout: 5_000,
  });
  await shell.toMatch(/^\d+\n$/);
  const pid = Number(await readFile(join(host.home, "shell.pid"), "utf8"));
  expect((await api.call("DELETE", `/api/sessions/${id}`)).status).toBe(204);
  expect(await client.closed).toEqual({ code: 1002, reason: "523" });
  expect(await api.read(id)).toMatchObject({ status: "ended", end_reason: "closed", active_connections: 0 });
  await expect.poll(() => readFile(`/proc/${pid}/stat`).catch(() => null), { timeout: 3_000 }).toBeNull();
});

test("an admin's DELETE is `terminated`, and says who", async () => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  const admin = await gateway.signIn("admin");
  expect((await sessionApi(gateway, admin.cookie).call("DELETE", `/api/sessions/${id}`)).status).toBe(204);
  expect(await client.closed).toEqual({ code: 1002, reason: "523" });
  expect(await api.read(id)).toMatchObject({
    end_reason: "terminated",
    end_detail: expect.stringContaining(admin.email),
  });
});

describe("how a session ends is told alike by the notice, the error, the close status and the API", () => {
  const cases = [
    ["a closed port", { port: 1 }, "target_unreachable", "519", /refuses connections on port 1/],
    ["an unknown name", { hostname: "no-such-host.invalid" }, "target_unreachable", "519", /is not known/],
    ["a shell that exits", { command: "exit 3" }, "target_closed", "523", /exit status 3/],
    [
      "a shell that is killed",
      { command: "kill -KILL $$" },
      "target_closed",
      "523",
      /^The command was ended by signal SIGKILL\.$/,
    ],
    [
      "one by a signal that SSH has no name for",
      { command: "kill -XCPU $$" },
      "target_closed",
      "523",
      /^The command was ended by a signal\.$/,
    ],
  ] as const;
  test.each(cases)(
    "%s",
    async (_name, fields, reason, status, detail) => {
      const id = await api.create(fields);
      const client = await api.attach(id);
      expect((await client.closed).reason).toBe(status);
      expect(notices(client).at(-1)).toEqual({
        kind: "ended",
        end_reason: reason,
        end_detail: expect.stringMatching(detail),
      });
      expect(client.received.find(([opcode]) => opcode === "error")).toEqual([
        "error",
        expect.stringMatching(detail),
        status,
      ]);
      await expect
        .poll(() => api.read(id))
        .toMatchObject({ status: "ended", end_reason: reason, end_detail: expect.stringMatching(detail) });
    },
    15_000,
  );
});

describe("what a browser may not send", () => {
  const broken = [
    ["a binary message", Buffer.from("3.nop;"), 1008, "768"],
    ["what is no instruction", "hello", 1008, "768"],
    ["half an instruction", "3.key,2.65", 1008, "768"],
    ["a signed length", "+3.nop;", 1008, "768"],
    ["an element that is too long", `4.blob,1.0,8193.${"a".repeat(8193)};`, 1009, "781"],
    ["a message beyond every limit", `3.nop;`.repeat(20_000), 1009, ""],
  ] as const;
  test.each(broken)("%s closes the socket", async (_name, message, code, reason) => {
    const id = await api.create();
    const client = await api.attach(id);
    await client.waitFor(isSync);
    client.socket.send(message);
    expect(await client.closed).toEqual({ code, reason });
    expect(await api.read(id)).toMatchObject({ status: "active", active_connections: 0 });
  });

  test("files, pipes, audio and answers to no question are refused by an ack of 771; unknown and short ones are dropped", async () => {
    const client = await api.attach(await api.create());
    await client.waitFor(isSync);
    for (const [opcode, ...args] of [
      ["file", "1", "text/plain", "a"],
      ["pipe", "2", "text/plain", "a"],
      ["audio", "3", "audio/L16"],
      ["argv", "4", "text/plain", "font-size"],
      ["put", "0", "5", "text/plain", "/a"],
    ] as const) {
      client.send(opcode, ...args);
      const stream = opcode === "put" ? args[1] : args[0];
      expect(await client.waitFor(([name, index]) => name === "ack" && index === stream)).toEqual([
        "ack",
        stream,
        expect.any(String),
        "771",
      ]);
    }
    for (const elements of [
      ["key", "65"],
      ["mouse", "1"],
      ["no-such"],
      ["get", "0", "/"],
      ["size", "0", "0"],
      ["select", "ssh"],
      ["blob", "9", "AAAA"],
    ])
      client.send(...(elements as [string, ...string[]]));
    client.send("", "ping", "alive");
    await client.waitFor(([opcode, , stamp]) => opcode === "" && stamp === "alive");
    client.send("disconnect");
    expect((await client.closed).code).toBe(1000);
  });
});

test("closing the gateway ends sessions as shutdown with 1012", async () => {
  const other = await startTestGateway();
  const there = await apiAt(other);
  const client = await there.attach(await there.create());
  await client.waitFor(isSync);
  const closing = other.close();
  expect(await client.closed).toEqual({ code: 1012, reason: "520" });
  await closing;
});
