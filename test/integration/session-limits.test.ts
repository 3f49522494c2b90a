import { afterAll, beforeAll, expect, test } from "vitest";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";

// The limits that end a session by themselves, and what is said before they do.

let host: SshHost;
let gateway: TestGateway;
let api: SessionApi;
beforeAll(async () => {
  host = await startSshHost();
  gateway = await startTestGateway({
    SALLYPORT_SESSION_IDLE_TIMEOUT_SECONDS: "4",
    SALLYPORT_SESSION_MAX_DURATION_SECONDS: "8",
    SALLYPORT_SESSION_RESUME_SECONDS: "60",
  });
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, targetOf(host));
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

const start = async () => {
  const id = await api.create();
  const client = await api.attach(id);
  await client.waitFor(isSync);
  return { id, client };
};
const expiries = (client: TunnelClient) =>
  notices(client).filter((notice) => typeof notice === "object" && notice !== null && "limit" in notice);
const expiry = (limit: string, seconds: number | null) => ({ kind: "expires", limit, seconds });

test("a session without input is warned before its idle limit, and input takes the warning back", async () => {
  const { client } = await start();
  await expect.poll(() => expiries(client), { timeout: 5_000 }).toEqual([expiry("idle", 2)]);
  typeText(client, "x");
  await expect.poll(() => expiries(client)).toEqual([expiry("idle", 2), expiry("idle", null)]);
  client.send("disconnect");
});

test("releasing a key that nobody pressed counts as input: it is how the page says that somebody is there", async () => {
  const { client } = await start();
  await expect.poll(() => expiries(client), { timeout: 5_000 }).toEqual([expiry("idle", 2)]);
  client.send("key", "65505", "0");
  await expect.poll(() => expiries(client)).toContainEqual(expiry("idle", null));
  client.send("disconnect");
});

test("pings, syncs and sizes are no input", async () => {
  const { id, client } = await start();
  const busy = setInterval(() => {
    if (client.socket.readyState !== client.socket.OPEN) return;
    client.send("", "ping", "1");
    client.send("nop");
    client.send("size", "801", "601");
  }, 200);
  expect((await client.closed).reason).toBe("522");
  clearInterval(busy);
  expect(await api.read(id)).toMatchObject({ end_reason: "idle", end_detail: "There was no input for 4 seconds." });
});

test("the idle limit goes on while nobody is there, and a browser that comes back hears its warning", async () => {
  const { id, client } = await start();
  await expect.poll(() => expiries(client), { timeout: 5_000 }).toEqual([expiry("idle", 2)]);
  client.socket.terminate();
  const back = await api.attach(id);
  await expect.poll(() => expiries(back)[0]).toMatchObject({ kind: "expires", limit: "idle" });
  back.socket.terminate();
  await expect.poll(() => api.read(id), { timeout: 5_000 }).toMatchObject({ end_reason: "idle" });
});

test("the longest duration is warned of and not put off by input", async () => {
  const { id, client } = await start();
  const typing = setInterval(() => client.socket.readyState === client.socket.OPEN && typeText(client, "x"), 300);
  await expect.poll(() => expiries(client), { timeout: 8_000 }).toEqual([expiry("max_duration", 4)]);
  expect((await client.closed).reason).toBe("522");
  clearInterval(typing);
  expect(await api.read(id)).toMatchObject({ end_reason: "max_duration", end_detail: "The limit is 8 seconds." });
});
