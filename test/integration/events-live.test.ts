import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openEvents, type ServerEvent } from "../support/event-client.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let host: SshHost;
let gateway: TestGateway;
let api: SessionApi;
let admin: SessionApi;
let adminCookie: string;
beforeAll(async () => {
  [host, gateway] = await Promise.all([startSshHost(), startTestGateway()]);
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, targetOf(host));
  adminCookie = (await gateway.signIn("admin")).cookie;
  admin = sessionApi(gateway, adminCookie);
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

test("a page hears each thing that happens to a session: made, attached, active, watched, taken over, left, ended", async () => {
  const page = await openEvents(gateway.url, { cookie: adminCookie });
  onTestFinished(() => page.close());
  let heard = 0;
  /** Resolves with the first event since the last call that tells this of the session. */
  const hear = async (id: string, status: string, connections: number) => {
    const isNew = (event: ServerEvent) => page.events.indexOf(event) >= heard;
    const tells = ({ event, data }: ServerEvent) =>
      event === "session" &&
      data.session_id === id &&
      data.status === status &&
      data.active_connections === connections;
    const found = await page.waitFor((event) => isNew(event) && tells(event));
    heard = page.events.indexOf(found) + 1;
    return found.data;
  };

  const id = await api.create({ scrollback: 500 });
  await hear(id, "pending", 0);
  const owner = await api.attach(id);
  await hear(id, "pending", 1);
  await owner.waitFor(isSync);
  expect(await hear(id, "active", 1)).toMatchObject({ started_at: expect.any(String), ended_at: null });
  const watcher = await admin.attach(id, { mode: "view" });
  await hear(id, "active", 2);
  watcher.send("disconnect");
  await hear(id, "active", 1);
  const taker = await api.attach(id);
  expect(await owner.closed).toMatchObject({ reason: "521" });
  await hear(id, "active", 1);
  taker.socket.terminate();
  await hear(id, "active", 0);
  const back = await api.attach(id);
  await hear(id, "active", 1);
  await back.waitFor(isSync);
  back.send("disconnect");
  const last = await hear(id, "ended", 0);
  expect(last).toMatchObject({ end_reason: "closed", active_connections: 0 });
  expect(last).toEqual(await (await admin.call("GET", `/api/sessions/${id}`)).json());
});
