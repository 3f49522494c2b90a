import { afterEach, beforeEach, expect, test } from "vitest";
import { generateKeyPair } from "../../src/ssh/generate-key-pair.ts";
import { hostKeyMemory } from "../support/host-key-memory.ts";
import { openTestClient } from "../support/open-test-client.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";

let host: SshHost;
beforeEach(async () => {
  host = await startSshHost({ hostKeyTypes: ["rsa"] });
});
afterEach(() => host.stop());

const open = async (options: Partial<Parameters<typeof openTestClient>[0]>) => {
  const { port, username, password } = host;
  const client = await openTestClient({ port, username, password, ...options });
  client.close();
  await client.closed;
};

test("the first key seen is remembered with its fingerprint, and the same one is noted as seen again", async () => {
  const trust = hostKeyMemory();
  await open({ trust });
  const [fingerprint] = await host.fingerprints();
  const [line] = await host.hostKeyLines();
  expect(trust.rows).toEqual([
    {
      id: "0",
      place: `|127.0.0.1|${host.port}`,
      keyType: "ssh-rsa",
      publicKey: line?.split(" ")[1],
      fingerprint,
      state: "trusted",
      origin: "session",
      seenBy: "test",
    },
  ]);
  await open({ trust });
  expect(trust.rows).toHaveLength(1);
  expect(trust.touched).toEqual(["0"]);
});

test("a changed key is refused with both fingerprints, and no password is sent", async () => {
  const trust = hostKeyMemory();
  await open({ trust });
  const [before] = await host.fingerprints();
  await host.restart({ newHostKeys: true });
  const [after] = await host.fingerprints();
  expect(after).not.toBe(before);
  const accepted = () => host.log().split("Accepted password").length;
  const acceptedBefore = accepted();
  const opening = open({ trust });
  await expect(opening).rejects.toMatchObject({ end: { reason: "host_key_changed" } });
  await expect(opening).rejects.toThrow(`Now: ${after}. Expected: ${before}.`);
  expect(accepted()).toBe(acceptedBefore);
  expect(trust.rows.map(({ fingerprint, state }) => [fingerprint, state])).toEqual([
    [before, "trusted"],
    [after, "pending"],
  ]);
});

test("a server that gains a key of a better type does not look changed", async () => {
  const trust = hostKeyMemory();
  await open({ trust });
  await host.restart({ hostKeyTypes: ["ed25519", "ecdsa", "rsa"] });
  await open({ trust });
  expect(trust.rows).toHaveLength(1);
});

test("a server that shows a key of another type only is refused", async () => {
  const trust = hostKeyMemory();
  await open({ trust });
  await host.restart({ hostKeyTypes: ["ed25519"] });
  await expect(open({ trust })).rejects.toMatchObject({ end: { reason: "host_key_changed" } });
});

test("a pinned line decides alone, as a bare key or as a line of known_hosts, and is not remembered", async () => {
  const trust = hostKeyMemory();
  const [line = ""] = await host.hostKeyLines();
  await open({ trust, pinnedLine: line });
  await open({ trust, pinnedLine: `[127.0.0.1]:${host.port} ${line} root@host` });
  expect(trust.rows).toEqual([]);
});

test("another key than the pinned one is refused with both fingerprints", async () => {
  const pinnedLine = generateKeyPair().publicLine;
  const [shown] = await host.fingerprints();
  const opening = open({ pinnedLine });
  await expect(opening).rejects.toMatchObject({ end: { reason: "host_key_changed" } });
  await expect(opening).rejects.toThrow(`Now: ${shown}. Expected: SHA256:`);
});
