import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Disposal } from "../../src/core/disposal.ts";
import { silentLogger } from "../../src/core/log.ts";
import { Secret } from "../../src/core/secret.ts";
import { createTargetCheck } from "../../src/roads/target-check.ts";
import { createTargetPolicy } from "../../src/roads/target-policy.ts";
import { createRoadTo } from "../../src/sessions/road-to.ts";
import { LoopTurns } from "../../src/ssh/loop-turns.ts";
import { hostKeyMemory } from "../support/host-key-memory.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";

// A name server that answers differently each time it is asked, first for the check, then for the use.

let host: SshHost;
beforeAll(async () => {
  host = await startSshHost();
});
afterAll(() => host.stop());

const allowed = "127.0.0.1";
const forbidden = "127.0.0.2";
const policy = createTargetPolicy({
  allow: { ssh: [`${allowed}/32`], hops: [`${allowed}/32`] },
  ownListeners: () => [],
});

/** What POST says, and then where the session goes; the name has these answers in this order. */
const visit = async (answers: string[][], through: "target" | "hop") => {
  const asked: string[] = [];
  const resolve = async (name: string) => {
    asked.push(name);
    return answers.shift() ?? [];
  };
  const name = { host: "gw.example", port: host.port };
  const hops = through === "hop" ? [{ ...name, username: host.username, hostKey: null }] : [];
  const target = through === "hop" ? { host: allowed, port: host.port } : name;
  const signal = AbortSignal.timeout(10_000);
  await createTargetCheck({ policy, resolve })({ protocol: "ssh", target, hops }, signal);
  const disposal = new Disposal(silentLogger);
  onTestFinished(() => disposal.dispose());
  const road = createRoadTo({
    policy: () => policy,
    resolve,
    trust: hostKeyMemory(),
    timeouts: () => ({ connectMs: 5_000, keyExchangeMs: 5_000, authMs: 5_000 }),
    turns: new LoopTurns(),
  })({
    protocol: "ssh",
    hops,
    secrets: { "jump_hosts[0].password": new Secret(host.password) },
    seenBy: "test",
    disposal,
    onHop: () => undefined,
    onTarget: () => undefined,
    onEnd: () => undefined,
  });
  const stream = await road.connect(target, signal);
  const address = "remoteAddress" in stream ? stream.remoteAddress : "through the hop";
  stream.destroy();
  return { address, asked };
};

test.each(["target", "hop"] as const)(
  "%s: the address that was checked at the use is the one dialled, without asking again",
  async (through) => {
    const { address, asked } = await visit([[allowed], [allowed], [forbidden]], through);
    expect(address).toBe(through === "hop" ? "through the hop" : allowed);
    expect(asked).toHaveLength(2);
  },
);

test.each(["target", "hop"] as const)(
  "%s: an answer that was allowed at POST and is not at the use is refused",
  async (through) => {
    const name = through === "hop" ? "Hop 1, gw.example: " : "";
    await expect(visit([[allowed], [forbidden], [allowed]], through)).rejects.toMatchObject({
      end: {
        reason: "target_not_allowed",
        detail: `${name}The gateway may not reach gw.example (${forbidden}). It is a loopback address, which means the gateway itself.`,
      },
    });
  },
);

test.each(["target", "hop"] as const)(
  "%s: a forbidden address among allowed ones is refused, not skipped",
  async (through) => {
    await expect(visit([[allowed], [allowed, forbidden]], through)).rejects.toMatchObject({
      end: { reason: "target_not_allowed" },
    });
  },
);
