import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { runCli } from "../support/run-cli.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient } from "../support/tunnel-client.ts";

// Sessions end with the access of those who own them, whoever takes it back and by whatever process.

let host: SshHost;
let gateway: TestGateway;
let admin: SessionApi;
let target: object;
beforeAll(async () => {
  [host, gateway] = await Promise.all([startSshHost(), startTestGateway()]);
  target = targetOf(host);
  admin = sessionApi(gateway, (await gateway.signIn("admin")).cookie, target);
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

/** A session that runs, with its owner's browser. */
const run = async (api: SessionApi) => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  await expect.poll(async () => (await admin.read(id)).status, { timeout: 10_000 }).toBe("active");
  return { id, client };
};
/** A key with a session that runs and one that waits to be opened. */
const keyWithSessions = async (name: string) => {
  const key = await gateway.addKey(name);
  const keyId = (await gateway.adminKeys.list()).find((row) => row.name === name)?.id ?? "";
  const swap = await send(`${gateway.url}/auth/key`, { method: "POST", body: { key } });
  const api = sessionApi(gateway, swap.headers["set-cookie"]?.[0]?.split(";")[0] ?? "", target);
  const running = await run(api);
  return { keyId, running, waitingId: await api.create() };
};
const expectRevoked = async (id: string, detail: string) =>
  expect
    .poll(() => admin.read(id), { timeout: 10_000 })
    .toMatchObject({ status: "ended", end_reason: "revoked", end_detail: detail, active_connections: 0 });
const expectCut = async (client: TunnelClient, detail: string) => {
  expect(await client.closed).toEqual({ code: 1008, reason: "771" });
  expect(client.received).toContainEqual(["error", detail, "771"]);
  expect(notices(client).at(-1)).toEqual({ kind: "ended", end_reason: "revoked", end_detail: detail });
};

test.each([
  ["POST", "/disable", "disabled"],
  ["DELETE", "", "deleted"],
])("a key's %s%s ends its sessions before it answers, and nobody else's", async (method, path, what) => {
  const detail = `Its owner's key was ${what}.`;
  const [{ keyId, running, waitingId }, other] = await Promise.all([keyWithSessions(what), run(admin)]);
  expect((await admin.call(method, `/api/admin/keys/${keyId}${path}`)).ok).toBe(true);
  for (const id of [running.id, waitingId])
    expect(await admin.read(id)).toMatchObject({ end_reason: "revoked", end_detail: detail });
  await expectCut(running.client, detail);
  expect(await admin.read(other.id)).toMatchObject({ status: "active", active_connections: 1 });
  other.client.send("disconnect");
});

test("rotating a key leaves its sessions running", async () => {
  const { keyId, running, waitingId } = await keyWithSessions("rotated");
  expect((await admin.call("POST", `/api/admin/keys/${keyId}/rotate`)).status).toBe(200);
  running.client.send("", "ping", "1");
  await running.client.waitFor(([opcode, , back]) => opcode === "" && back === "1");
  expect(await admin.read(running.id)).toMatchObject({ status: "active", active_connections: 1 });
  expect(await admin.read(waitingId)).toMatchObject({ status: "pending" });
  running.client.send("disconnect");
});

test("the running gateway notices what the command line does, and that a key expires", async () => {
  const [disabled, deleted, expired] = await Promise.all([
    keyWithSessions("off by hand"),
    keyWithSessions("gone by hand"),
    keyWithSessions("for a while"),
  ]);
  const over = { expires_at: Date.now() };
  await gateway.database.updateTable("admin_key").set(over).where("id", "=", expired.keyId).execute();
  const options = { cwd: gateway.dataDir, env: { SALLYPORT_SERVER_DATA_DIR: gateway.dataDir } };
  expect((await runCli(["disable-admin", "off by hand"], options)).stderr).toBe("");
  expect((await runCli(["delete-admin", "gone by hand"], options)).stderr).toBe("");
  for (const [{ running, waitingId }, detail] of [
    [disabled, "Its owner's key was disabled."],
    [deleted, "Its owner's key was deleted."],
    [expired, "Its owner's key has expired."],
  ] as const) {
    await expectCut(running.client, detail);
    await expectRevoked(running.id, detail);
    await expectRevoked(waitingId, detail);
  }
});

test("a person who is disabled, deleted or brought below operator loses theirs", async () => {
  const people = await Promise.all([1, 2, 3].map(() => gateway.signIn("poweruser")));
  const [disabled, deleted, demoted] = await Promise.all(
    people.map(async ({ cookie, personId }) => ({ personId, ...(await run(sessionApi(gateway, cookie, target))) })),
  );
  if (!disabled || !deleted || !demoted) throw new Error("three sessions were started");
  const { database } = gateway;
  await database.updateTable("person").set({ disabled_at: 1 }).where("id", "=", disabled.personId).execute();
  await database.deleteFrom("person").where("id", "=", deleted.personId).execute();
  await database.updateTable("person").set({ role: "viewer" }).where("id", "=", demoted.personId).execute();
  for (const [{ id, client }, detail] of [
    [disabled, "Its owner was disabled."],
    [deleted, "Its owner was deleted."],
    [demoted, "Its owner's role was taken back."],
  ] as const) {
    await expectCut(client, detail);
    await expectRevoked(id, detail);
  }
});
