import { once } from "node:events";
import { readFile, readlink } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../src/core/log.ts";
import { listProcessIds } from "../../src/core/process-stat.ts";
import { GuacdLeg, type LegEnd } from "../../src/guacd/guacd-leg.ts";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { parseInstructions } from "../../src/guacd/instruction-parser.ts";
import { startGuacd, type TestGuacd } from "../support/guacd.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// The desktops that other tests connect to, with guacd alone in between.

let guacd: TestGuacd;
beforeAll(async () => {
  guacd = await startGuacd();
});
afterAll(() => guacd.close());

const unlimited = { elementCodePoints: 1e9, instructionBytes: 1e9, elements: 1e9 };

const open = async (protocol: string, args: Record<string, string>) => {
  const leg = await GuacdLeg.open({
    address: guacd.address,
    protocol,
    args,
    display: { width: 1024, height: 768, dpi: 96 },
    image: ["image/png"],
    timezone: null,
    name: null,
    timeouts: { connectMs: 5_000, argsMs: 10_000, readyMs: 5_000, silenceMs: 15_000 },
    signal: AbortSignal.timeout(20_000),
    log: silentLogger,
  });
  onTestFinished(() => leg.close());
  const ended = Promise.withResolvers<LegEnd>();
  const firstSync = Promise.withResolvers<void>();
  const received: string[][] = [];
  leg.start({
    onData: (run) => {
      for (const instruction of parseInstructions(run.toString("utf8"), unlimited)) {
        received.push(instruction);
        const [opcode, timestamp = ""] = instruction;
        if (opcode !== "sync") continue;
        leg.write(encodeInstruction(["sync", timestamp]));
        firstSync.resolve();
      }
    },
    onInstruction: () => "forward",
    onDrain: () => undefined,
    onEnd: ended.resolve,
  });
  const key = (keysym: number, pressed: boolean) =>
    leg.write(encodeInstruction(["key", String(keysym), pressed ? "1" : "0"]));
  return {
    firstSync: firstSync.promise,
    ended: ended.promise,
    key,
    type: (text: string) => {
      for (const character of text) {
        const keysym = character === "\n" ? 0xff0d : (character.codePointAt(0) ?? 0);
        for (const pressed of [true, false]) key(keysym, pressed);
      }
    },
    resize: (width: number, height: number) => leg.write(encodeInstruction(["size", String(width), String(height)])),
    /** Of the picture, as guacd told it last. */
    size: () =>
      received
        .findLast(([opcode, layer]) => opcode === "size" && layer === "0")
        ?.slice(2)
        .map(Number),
    /** Instructions that put something on a layer so far. */
    drawings: () => received.filter(([opcode]) => opcode === "img" || opcode === "rect" || opcode === "copy").length,
  };
};

const textOf = (home: string, name: string) => readFile(join(home, name), "utf8").catch(() => "");

describe("TigerVNC", () => {
  let host: VncHost;
  beforeAll(async () => {
    host = await startVncHost({ geometry: "1000x700" });
    return () => host.stop();
  });
  const args = (changes: Record<string, string> = {}) => ({
    hostname: host.host,
    port: String(host.port),
    password: host.password,
    ...changes,
  });

  test("with the password its desktop is drawn, and what is typed reaches the shell and changes the picture", async () => {
    const desktop = await open("vnc", args());
    await desktop.firstSync;
    await expect.poll(() => desktop.size(), { timeout: 5_000 }).toEqual([1000, 700]);
    expect(await host.display.size()).toEqual({ width: 1000, height: 700 });
    const before = desktop.drawings();
    desktop.type("echo hi > typed; seq 5\n");
    await expect.poll(() => textOf(host.home, "typed"), { timeout: 10_000 }).toBe("hi\n");
    await expect.poll(() => desktop.drawings(), { timeout: 5_000 }).toBeGreaterThan(before);
  });

  test("tells which keys are held down, and that none is after their release", async () => {
    const desktop = await open("vnc", args());
    await desktop.firstSync;
    const shift = 0xffe1;
    desktop.key(shift, true);
    await expect.poll(() => host.display.pressedKeys()).toHaveLength(1);
    desktop.key(shift, false);
    await expect.poll(() => host.display.pressedKeys()).toEqual([]);
  });

  test("a wrong password is refused", async () => {
    const desktop = await open("vnc", args({ password: "wrong" }));
    expect(await desktop.ended).toMatchObject({ kind: "error" });
    expect(host.log()).toContain("Authentication failure");
  });

  test("a server without a password lets everybody in", async () => {
    const openHost = await startVncHost({ password: null });
    onTestFinished(() => openHost.stop());
    const desktop = await open("vnc", { hostname: openHost.host, port: String(openHost.port) });
    await desktop.firstSync;
    await expect.poll(() => desktop.size(), { timeout: 5_000 }).toEqual([1024, 768]);
  });
});

describe("xrdp", () => {
  let host: RdpHost;
  beforeAll(async () => {
    host = await startRdpHost();
    return () => host.stop();
  });
  const args = (changes: Record<string, string> = {}) => ({
    hostname: host.host,
    port: String(host.port),
    username: host.username,
    password: host.password,
    "ignore-cert": "true",
    "resize-method": "display-update",
    ...changes,
  });

  test("a login gives a drawn desktop, whose shell takes what is typed and whose size follows", async () => {
    const desktop = await open("rdp", args());
    await host.desktopIsThere();
    await desktop.firstSync;
    // guacd 1.3.0 may start RDP without telling its owner the size, so the desktop itself is asked.
    expect(await host.display.size()).toEqual({ width: 1024, height: 768 });
    const before = desktop.drawings();
    /** xrdp loses keys that come right after the login or a new size. */
    const typeUntilHeard = async (word: string) => {
      const typeAgain = () => {
        desktop.type(`\necho ${word} > typed; seq 5\n`);
        return textOf(host.home, "typed");
      };
      await expect.poll(typeAgain, { timeout: 10_000, interval: 500 }).toBe(`${word}\n`);
    };
    await typeUntilHeard("hi");
    await expect.poll(() => desktop.drawings(), { timeout: 5_000 }).toBeGreaterThan(before);

    desktop.resize(800, 600);
    await expect.poll(() => host.display.size(), { timeout: 5_000 }).toEqual({ width: 800, height: 600 });
    await expect.poll(() => desktop.size(), { timeout: 5_000 }).toEqual([800, 600]);
    await typeUntilHeard("still");
    await expect.poll(() => host.display.pressedKeys()).toEqual([]);
  });

  test("a certificate that nobody vouches for is an error that says so", async () => {
    const desktop = await open("rdp", args({ "ignore-cert": "false" }));
    expect(await desktop.ended).toMatchObject({ kind: "error", status: 519, text: expect.stringContaining("cert") });
  });

  test.each([
    { server: "tls", client: "rdp" },
    { server: "rdp", client: "tls" },
  ] as const)("a server for $server alone refuses a client for $client alone", async ({ server, client }) => {
    const strict = await startRdpHost({ securityLayer: server });
    onTestFinished(() => strict.stop());
    const desktop = await open("rdp", args({ port: String(strict.port), security: client }));
    expect(await desktop.ended).toMatchObject({ kind: "error", text: expect.stringMatching(/security type/) });
  });
});

/** Processes whose working directory it is. */
const processesWithin = async (folder: string): Promise<number[]> => {
  const places = await Promise.all(
    (await listProcessIds()).map(async (pid) => ({ pid, place: await readlink(`/proc/${pid}/cwd`).catch(() => "") })),
  );
  return places.filter(({ place }) => place === folder).map(({ pid }) => pid);
};

describe("what a host leaves behind", () => {
  test("nothing: no process, no user, no socket", async () => {
    const [vnc, rdp] = await Promise.all([startVncHost(), startRdpHost()]);
    const desktop = await open("rdp", {
      hostname: rdp.host,
      port: String(rdp.port),
      username: rdp.username,
      password: rdp.password,
      "ignore-cert": "true",
    });
    await rdp.desktopIsThere();
    await desktop.firstSync;
    const folders = [vnc.home, rdp.home];
    for (const folder of folders) expect(await processesWithin(folder)).not.toEqual([]);
    await Promise.all([vnc.stop(), rdp.stop()]);
    for (const folder of folders) expect(await processesWithin(folder)).toEqual([]);
    for (const { port } of [vnc, rdp])
      await expect(once(connect(port, "127.0.0.1"), "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(await readFile("/etc/passwd", "utf8")).not.toContain(rdp.username);
    for (const { display } of [vnc, rdp]) await expect(display.size()).rejects.toThrow();
  });
});
