import { access, readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../src/core/log.ts";
import { GuacdLeg, type LegEnd } from "../../src/guacd/guacd-leg.ts";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import type { GuacdPlan } from "../../src/protocols/protocol.ts";
import { ssh } from "../../src/protocols/ssh/index.ts";
import { startGuacd, type TestGuacd } from "../support/guacd.ts";
import { openTestRelay } from "../support/open-test-relay.ts";
import { portOf } from "../support/port-of.ts";
import { tryFromAnotherProcess, visitRelay } from "../support/relay-visitor.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";

let host: SshHost;
let guacd: TestGuacd;
beforeAll(async () => {
  [host, guacd] = await Promise.all([startSshHost(), startGuacd()]);
});
afterAll(() => Promise.all([host.stop(), guacd.close()]));

/** Stands between the gateway and guacd and keeps what the gateway says. */
const tapGuacd = async () => {
  const said: Buffer[] = [];
  const server = createServer((client) => {
    const up = connect(guacd.address.port, guacd.address.host);
    client.on("data", (chunk: Buffer) => said.push(chunk));
    client.pipe(up).pipe(client);
    for (const [socket, other] of [
      [client, up],
      [up, client],
    ] as const) {
      socket.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  const port = await portOf(server);
  return { address: { ...guacd.address, port }, said: () => Buffer.concat(said).toString() };
};

const openRelay = (options: { filesAllowed?: boolean } = {}) => openTestRelay(host, { guard: guacd.lease, ...options });

/** Opens a session of guacd at a relay. What guacd tells is heard by `onInstruction`; `ended` says how it was over. */
const openLeg = async (
  plan: GuacdPlan,
  options: { address?: TestGuacd["address"]; timezone?: string; onInstruction?: (opcode: string) => void } = {},
) => {
  const leg = await GuacdLeg.open({
    address: options.address ?? guacd.address,
    ...plan,
    display: { width: 1024, height: 768, dpi: 96 },
    image: ["image/png"],
    timezone: options.timezone ?? null,
    name: null,
    timeouts: { connectMs: 5_000, argsMs: 10_000, readyMs: 5_000, silenceMs: 15_000 },
    signal: new AbortController().signal,
    log: silentLogger,
  });
  onTestFinished(() => leg.destroy());
  const ended = Promise.withResolvers<LegEnd>();
  leg.start({
    onData: () => undefined,
    onInstruction: (opcode) => {
      options.onInstruction?.(opcode);
      return "forward";
    },
    onDrain: () => undefined,
    onEnd: ended.resolve,
  });
  return { leg, ended: ended.promise };
};

const fileText = async (path: string): Promise<string> => {
  for (;;) {
    const text = await access(path).then(
      () => readFile(path, "utf8"),
      () => "",
    );
    if (text.endsWith("\n")) return text.trim();
    await sleep(20);
  }
};

test("guacd signs in at the relay, types and resizes; only its processes get in, and it never sees the target's password", async () => {
  const relay = await openRelay();
  // This very process knows the one-time password, and still is not guacd.
  await expect(visitRelay(relay.endpoint)).rejects.toThrow();

  const tap = await tapGuacd();
  const { leg, ended } = await openLeg(ssh.plan(relay.endpoint, { locale: "C.UTF-8" }), {
    address: tap.address,
    timezone: "Asia/Tokyo",
  });
  const type = (text: string) => {
    for (const character of `${text}\n`) {
      const keysym = character === "\n" ? 0xff0d : (character.codePointAt(0) ?? 0);
      const sent = keysym > 0xff && character !== "\n" ? keysym + 0x0100_0000 : keysym;
      for (const pressed of ["1", "0"]) leg.write(encodeInstruction(["key", String(sent), pressed]));
    }
  };

  // Keys that come before the terminal is there are lost.
  await expect.poll(() => host.log(), { timeout: 5_000 }).toContain("Starting session: shell");
  const file = (name: string) => join(host.home, name);
  type(`stty size > first; echo "$LANG $TZ Zoë 漢字" > words`);
  const [rows, columns] = (await fileText(file("first"))).split(" ").map(Number);
  expect(await fileText(file("words"))).toBe("C.UTF-8 Asia/Tokyo Zoë 漢字");
  expect(await tryFromAnotherProcess(relay.endpoint.port)).toBe("refused");

  leg.write(encodeInstruction(["size", "600", "400"]));
  await sleep(200);
  type("stty size > second");
  const [fewerRows = 0, fewerColumns = 0] = (await fileText(file("second"))).split(" ").map(Number);
  expect(fewerRows).toBeLessThan(rows ?? 0);
  expect(fewerColumns).toBeLessThan(columns ?? 0);

  expect(tap.said()).toContain("7.connect,");
  expect(tap.said()).toContain(relay.endpoint.password?.reveal());
  expect(tap.said()).not.toContain(host.password);

  type("exit 5");
  expect(await relay.ended).toEqual({ kind: "exit", code: 5, signal: null });
  expect((await ended).kind).toMatch(/^(disconnect|error)$/);
});

test("a target that is lost ends guacd's side too", async () => {
  const relay = await openRelay();
  const synced = Promise.withResolvers<void>();
  const { ended } = await openLeg(ssh.plan(relay.endpoint, {}), {
    onInstruction: (opcode) => {
      if (opcode === "sync") synced.resolve();
    },
  });
  await synced.promise;
  await host.restart();
  expect(await relay.ended).toMatchObject({ kind: "lost" });
  expect((await ended).kind).toMatch(/^(disconnect|error|lost)$/);
});

test("guacd comes a second time for its file transfer where the relay allows it, and without one where not", async () => {
  const filesOf = async (filesAllowed: boolean) => {
    const relay = await openRelay({ filesAllowed });
    const plan = ssh.plan(relay.endpoint, {});
    const args = { ...plan.args, "enable-sftp": "true", "sftp-root-directory": "/" };
    const over = Promise.withResolvers<string>();
    const { ended } = await openLeg(
      { ...plan, args },
      {
        onInstruction: (opcode) => {
          if (opcode === "filesystem") over.resolve("files");
        },
      },
    );
    void ended.then(() => over.resolve("none"));
    return over.promise;
  };
  expect(await filesOf(true)).toBe("files");
  expect(await filesOf(false)).toBe("none");
});
