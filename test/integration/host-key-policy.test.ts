import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { placesOf } from "../../src/resources/known-hosts/places.ts";
import { expectProblem, send } from "../support/http.ts";
import { type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// What becomes of a host key that is met for the first time, has changed, or is revoked, by the policy of the gateway.

let host: SshHost;
beforeAll(async () => {
  host = await startSshHost();
});
afterAll(() => host.stop());

let gateway: TestGateway;
let api: SessionApi;
let admin: Record<string, string>;
const start = async (policy: string) => {
  gateway = await startTestGateway({ SALLYPORT_SSH_HOST_KEY_POLICY: policy });
  const person = await gateway.signIn("admin");
  admin = { cookie: person.cookie, "sec-fetch-site": "same-origin" };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, targetOf(host));
};
afterEach(() => gateway.close());

/** How a session of the host ends, or `active`; it is ended then. */
const visit = async (fields: object = {}) => {
  const id = await api.create(fields);
  const client = await api.attach(id);
  await expect.poll(async () => (await api.read(id)).status, { timeout: 10_000 }).not.toBe("pending");
  const { status, end_reason, end_detail } = await api.read(id);
  client.send("disconnect");
  await client.closed;
  return status === "active" ? { status } : { end_reason, end_detail };
};
const active = { status: "active" };
const refused = (sentence: string) => ({
  end_reason: "host_key_changed",
  end_detail: expect.stringContaining(sentence),
});

const rowSchema = z.looseObject({ id: z.string(), state: z.string(), origin: z.string(), fingerprint: z.string() });
const call = (path: string, method = "GET") =>
  send(`${gateway.url}/api/admin/known-hosts${path}`, { method, headers: admin });
const rows = async () => z.array(rowSchema).parse(JSON.parse((await call("")).text));
const approve = async (state: string) => {
  const id = (await rows()).find((row) => row.state === state)?.id;
  return { id, answer: await call(`/${id}/approve`, "POST") };
};
const auditOf = (action: string) =>
  gateway.database.selectFrom("audit").selectAll().where("action", "=", action).execute();
/** The key that the host shows now, as a store takes it. */
const shownKey = async () => {
  const [[keyType = "", publicKey = ""], [fingerprint = ""]] = [
    ((await host.hostKeyLines())[0] ?? "").split(" "),
    await host.fingerprints(),
  ];
  return { keyType, publicKey, fingerprint };
};
/** As a line of a known_hosts file with these hosts would be imported. */
const importFor = async (hosts: string, isRevoked = false) => {
  const key = { ...(await shownKey()), isRevoked };
  return gateway.knownHosts.import(
    placesOf(hosts, "").map((place) => ({ place, ...key })),
    gateway.actor,
  );
};

describe("ask-admin", () => {
  beforeEach(() => start("ask-admin"));

  test("refuses a first use, says who has to approve it, and connects once an admin has", async () => {
    const [fingerprint] = await host.fingerprints();
    expect(await visit()).toEqual(refused(`has not been approved yet. Shown: ${fingerprint}.`));
    expect(await visit()).toEqual(refused("has not been approved yet"));
    expect(await rows()).toEqual([expect.objectContaining({ state: "pending", origin: "session", fingerprint })]);
    const { id, answer } = await approve("pending");
    expect(answer.status, answer.text).toBe(200);
    expect(await visit()).toEqual(active);
    expect(await rows()).toEqual([expect.objectContaining({ id, state: "trusted", origin: "admin" })]);
    expect(await auditOf("known_host.propose")).toHaveLength(1);
    expect(await auditOf("known_host.approve")).toEqual([expect.objectContaining({ object_id: id })]);
  });

  test("keeps a changed key for approval, which then takes the place of the old one", async () => {
    await visit();
    await approve("pending");
    const [before] = await host.fingerprints();
    await host.restart({ newHostKeys: true });
    const [after] = await host.fingerprints();
    expect(await visit()).toEqual(refused(`Now: ${after}. Expected: ${before}.`));
    expect((await rows()).map(({ state, fingerprint }) => [state, fingerprint])).toEqual([
      ["pending", after],
      ["trusted", before],
    ]);
    await approve("pending");
    expect(await visit()).toEqual(active);
    expect(await rows()).toEqual([expect.objectContaining({ state: "trusted", fingerprint: after })]);
  });

  test("a key given with the session needs nobody's approval", async () => {
    expect(await visit({ host_key: (await host.hostKeyLines())[0] })).toEqual(active);
    expect(await rows()).toEqual([]);
  });
});

describe("pinned", () => {
  beforeEach(() => start("pinned"));

  test("refuses what nobody has imported, approved or pinned, and remembers nothing of it", async () => {
    expect(await visit()).toEqual(refused("has been approved or imported, and this gateway trusts no other"));
    expect(await rows()).toEqual([]);
    expect(await visit({ host_key: (await host.hostKeyLines())[0] })).toEqual(active);
  });

  test("takes a key that was imported for a pattern of hosts", async () => {
    await importFor(`[127.0.0.*]:${host.port}`);
    expect(await visit()).toEqual(active);
  });

  test("does not count what a session alone has met under another policy, until an admin approves it", async () => {
    const place = { kind: "ssh", path: "", host: host.host, port: host.port } as const;
    await gateway.knownHosts.trustFirst(place, await shownKey(), "somebody");
    expect(await visit()).toEqual(refused("has been approved or imported"));
    await approve("trusted");
    expect(await visit()).toEqual(active);
  });
});

test("a revoked key is refused wherever it is shown, pinned or known", async () => {
  await start("tofu");
  expect(await visit()).toEqual(active);
  const [line] = await host.hostKeyLines();
  await importFor(`[*]:${host.port}`, true);
  expect(await visit()).toEqual(refused("a host key that was revoked"));
  expect(await visit({ host_key: line })).toEqual(refused("a host key that was revoked"));
  const { answer } = await approve("revoked");
  expectProblem(answer, 409, "conflict");
});

test("what a session has met gives way to an imported key of the same place", async () => {
  await start("tofu");
  expect(await visit()).toEqual(active);
  await host.restart({ newHostKeys: true });
  expect(await importFor(`[${host.host}]:${host.port}`)).toEqual({ imported: 1, known: 0, replaced: 1 });
  expect(await visit()).toEqual(active);
  expect(await rows()).toEqual([expect.objectContaining({ origin: "import", state: "trusted" })]);
});
