import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";

// An admin may look on at a session of somebody else: seen by its owner, written down, and truly unable to do anything.

let host: SshHost;
let gateway: TestGateway;
let api: SessionApi;
let admin: SessionApi;
let adminEmail: string;
beforeAll(async () => {
  host = await startSshHost();
  gateway = await startTestGateway();
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, targetOf(host));
  const person = await gateway.signIn("admin");
  admin = sessionApi(gateway, person.cookie);
  adminEmail = person.email;
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

const start = async () => {
  const id = await api.create();
  const owner = await api.attach(id);
  await owner.waitFor(isSync);
  await expect.poll(async () => (await api.read(id)).status).toBe("active");
  return { id, owner };
};
const fileHolds = (name: string) =>
  expect.poll(() => readFile(join(host.home, name), "utf8").catch(() => ""), { timeout: 10_000 });
const ping = async (client: TunnelClient, stamp: string) => {
  client.send("", "ping", stamp);
  await client.waitFor(([opcode, , back]) => opcode === "" && back === stamp);
};
const auditOf = async (id: string) =>
  (await gateway.database.selectFrom("audit").selectAll().where("object_id", "=", id).orderBy("id").execute()).map(
    ({ action, actor_name }) => ({ action, actor_name }),
  );

test("the watcher sees what is drawn; the owner is told who came and left; both are in the audit", async () => {
  const { id, owner } = await start();
  const watcher = await admin.attach(id, { mode: "view" });
  await watcher.waitFor(isSync);
  const watching = { kind: "watching", name: adminEmail, mode: "view" };
  await expect.poll(() => notices(owner)).toContainEqual({ ...watching, joined: true, count: 1 });
  expect(await api.read(id)).toMatchObject({ active_connections: 2 });
  const drawn = watcher.received.length;
  typeText(owner, "echo seen\n");
  await expect.poll(() => watcher.received.slice(drawn).some(([opcode]) => opcode === "img")).toBe(true);
  watcher.send("disconnect");
  expect(await watcher.closed).toEqual({ code: 1000, reason: "0" });
  await expect.poll(() => notices(owner)).toContainEqual({ ...watching, joined: false, count: 0 });
  expect(await api.read(id)).toMatchObject({ status: "active", active_connections: 1 });
  await expect
    .poll(() => auditOf(id))
    .toEqual(
      expect.arrayContaining([
        { action: "session.watch", actor_name: adminEmail },
        { action: "session.unwatch", actor_name: adminEmail },
      ]),
    );
  owner.send("disconnect");
});

test("an admin without a mode looks on; the owner's own view needs no right", async () => {
  const { id, owner } = await start();
  const watcher = await admin.attach(id);
  await watcher.waitFor(isSync);
  typeText(watcher, "touch admin-typed\n");
  const mirror = await api.attach(id, { mode: "view" });
  await mirror.waitFor(isSync);
  expect(await api.read(id)).toMatchObject({ active_connections: 3 });
  await ping(watcher, "a");
  await ping(owner, "b");
  typeText(owner, "ls > listing.txt; echo . >> listing.txt\n");
  await fileHolds("listing.txt").toMatch(/\.\n$/);
  expect(await readFile(join(host.home, "listing.txt"), "utf8")).not.toContain("admin-typed");
  owner.send("disconnect");
  for (const client of [watcher, mirror]) {
    await client.closed;
    expect(notices(client).at(-1)).toMatchObject({ kind: "ended", end_reason: "closed" });
  }
});

test("a watcher's keys, mouse, size, clipboard, argv and files do nothing, and no clipboard comes down to it", async () => {
  const { id, owner } = await start();
  const watcher = await admin.attach(id, { mode: "view", GUAC_WIDTH: "1600" });
  await watcher.waitFor(isSync);
  typeText(watcher, "touch typed-by-watcher\n");
  watcher.send("mouse", "5", "5", "1");
  watcher.send("mouse", "5", "5", "0");
  watcher.send("size", "1600", "900");
  watcher.send("clipboard", "0", "text/plain");
  watcher.send("blob", "0", Buffer.from("pasted").toString("base64"));
  watcher.send("end", "0");
  watcher.send("argv", "1", "text/plain", "font-size");
  watcher.send("blob", "1", Buffer.from("40").toString("base64"));
  watcher.send("end", "1");
  watcher.send("file", "2", "text/plain", "a.txt");
  await ping(watcher, "all sent");
  typeText(owner, "stty size > watched.txt; ls typed-by-watcher >> watched.txt 2>&1; echo done >> watched.txt\n");
  await fileHolds("watched.txt").toMatch(/done\n$/);
  const written = await readFile(join(host.home, "watched.txt"), "utf8");
  expect(written).toMatch(/^\d+ 78\n.*No such file.*\ndone\n$/);
  // The owner's copy reaches the owner alone.
  owner.send("clipboard", "0", "text/plain");
  owner.send("blob", "0", Buffer.from("secret copy").toString("base64"));
  owner.send("end", "0");
  await ping(owner, "copied");
  await ping(watcher, "after");
  expect(watcher.received.filter(([opcode]) => opcode === "clipboard")).toEqual([]);
  owner.send("disconnect");
});

test("a session that has not started cannot be watched, and others' sessions only by admins", async () => {
  const id = await api.create();
  await expect(admin.attach(id, { mode: "view" })).rejects.toThrow("409");
  await expect(admin.attach(id, { mode: "owner" })).rejects.toThrow("403");
  const poweruser = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie);
  for (const mode of ["view", "owner"]) await expect(poweruser.attach(id, { mode })).rejects.toThrow("403");
});

test("an owner who comes back hears who is looking on", async () => {
  const { id, owner } = await start();
  const watcher = await admin.attach(id, { mode: "view" });
  await watcher.waitFor(isSync);
  owner.socket.terminate();
  const back = await api.attach(id);
  await back.waitFor(isSync);
  expect(notices(back)).toContainEqual({
    kind: "watching",
    name: adminEmail,
    mode: "view",
    joined: true,
    count: 1,
  });
  back.send("disconnect");
  await watcher.closed;
});
