import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { type FakeGuacd, type FakeGuacdConnection, startFakeGuacd } from "../support/fake-guacd.ts";
import { portOf } from "../support/port-of.ts";
import { sessionApi } from "../support/session-api.ts";
import { type SessionPage, type SessionWorld, startSessionWorld } from "../support/session-world.ts";

// Every way a session ends, as the page tells it, the row holds it and the socket closes; the failures of connecting are in
// failures.test.ts, and those of desktops in desktops.test.ts.

interface Told {
  title: string;
  reason: string;
  /** A text alone, or part of it. */
  detail: string | RegExp | null;
  close: { code: number; reason: string };
}

const expectTold = async (world: SessionWorld, session: SessionPage, { title, reason, detail, close }: Told) => {
  await session.page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
  await session.page.getByText(reason, { exact: true }).waitFor();
  expect(await session.watch.closes()).toEqual([close]);
  expect(await world.ended(session.id)).toMatchObject({
    end_reason: reason,
    end_detail: detail === null ? null : expect.stringMatching(detail),
  });
};

describe("by a limit", () => {
  let world: SessionWorld;
  beforeAll(async () => {
    world = await startSessionWorld({
      environment: {
        SALLYPORT_SESSION_PENDING_TIMEOUT_SECONDS: "2",
        SALLYPORT_SESSION_IDLE_TIMEOUT_SECONDS: "3",
        SALLYPORT_SESSION_MAX_DURATION_SECONDS: "6",
        SALLYPORT_SESSION_PROMPT_TIMEOUT_SECONDS: "2",
        SALLYPORT_SESSION_RESUME_SECONDS: "1",
      },
    });
  });
  afterEach(() => world.closePages());
  afterAll(() => world?.close());

  test("idle, after its warning", async () => {
    const session = await world.run();
    await session.page.getByText(/Still there\?/).waitFor();
    await expectTold(world, session, {
      title: "Ended after 3 seconds without input",
      reason: "idle",
      detail: "There was no input for 3 seconds.",
      close: { code: 1002, reason: "522" },
    });
  });

  test("max_duration, after its warning, though Stay keeps it from being idle", async () => {
    const session = await world.run();
    await session.page.getByRole("button", { name: "Stay" }).click();
    await session.page.getByText(/its 6-second limit/).waitFor();
    const stay = setInterval(() => void session.page.keyboard.press("Shift").catch(() => undefined), 500);
    await expectTold(world, session, {
      title: "Ended at the 6-second limit",
      reason: "max_duration",
      detail: "The limit is 6 seconds.",
      close: { code: 1002, reason: "522" },
    });
    clearInterval(stay);
  });

  test("a question that nobody answers", async () => {
    const session = await world.open({ password: null });
    await session.page.getByLabel("Password", { exact: true }).waitFor();
    await expectTold(world, session, {
      title: "The target refused the sign-in",
      reason: "auth_failed",
      detail: /was not answered within 2 seconds/,
      close: { code: 1008, reason: "769" },
    });
  });

  test("expired and client_gone, which the page that comes too late is told", async () => {
    const expired = await world.create();
    await world.ended(expired.session_id);
    const late = await world.newPage();
    await late.page.goto(`${world.gateway.url}${expired.client_url}`);
    await late.page.getByRole("heading", { level: 1, name: "This session was never opened" }).waitFor();

    const left = await world.run();
    await left.page.context().close();
    await world.ended(left.id);
    const back = await world.newPage();
    await back.page.goto(`${world.gateway.url}/client/${left.id}`);
    await back.page.getByRole("heading", { level: 1, name: /^You were away for more than/ }).waitFor();
  });
});

describe("by somebody", () => {
  let world: SessionWorld;
  beforeAll(async () => {
    world = await startSessionWorld();
  });
  afterEach(() => world.closePages());
  afterAll(() => world?.close());

  test("an admin: terminated", async () => {
    const session = await world.run();
    const admin = await world.gateway.signIn("admin");
    await sessionApi(world.gateway, admin.cookie).call("DELETE", `/api/sessions/${session.id}`);
    await expectTold(world, session, {
      title: "An admin ended this session",
      reason: "terminated",
      detail: new RegExp(`^${admin.email} ended`),
      close: { code: 1002, reason: "523" },
    });
  });

  test("the gateway's shutdown", async () => {
    const other = await startSessionWorld();
    const session = await other.run();
    const closing = other.gateway.close();
    await session.page.getByRole("heading", { level: 1, name: /^The gateway (stopped|was restarted)/ }).waitFor();
    expect(await session.watch.closes()).toEqual([{ code: 1012, reason: "520" }]);
    await closing;
    await other.browser.close();
    await other.host.stop();
  });
});

describe("by guacd", () => {
  let target: Server;
  let guacd: FakeGuacd;
  let world: SessionWorld;
  let port: number;
  beforeAll(async () => {
    target = createServer((socket) => void socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
    port = await portOf(target);
    guacd = await startFakeGuacd(["VERSION_1_5_0", "hostname", "port", "password"]);
    world = await startSessionWorld({
      environment: {
        SALLYPORT_GUACD_ADDRESSES: guacd.address,
        SALLYPORT_GUACD_SILENCE_TIMEOUT_SECONDS: "11",
        SALLYPORT_GUACD_FIRST_SYNC_TIMEOUT_SECONDS: "2",
      },
    });
  });
  afterEach(() => world.closePages());
  afterAll(async () => {
    await world?.close();
    guacd.close();
    target.close();
  });

  const open = async (): Promise<{ session: SessionPage; leg: FakeGuacdConnection }> => {
    const count = guacd.connections.length;
    const session = await world.open({ session_type: "vnc", hostname: "127.0.0.1", port, password: "x" });
    await expect.poll(() => guacd.connections.length, { timeout: 10_000 }).toBeGreaterThan(count);
    const leg = guacd.connections[count];
    if (!leg) throw new Error("no connection");
    return { session, leg };
  };
  const draw = async ({ session, leg }: Awaited<ReturnType<typeof open>>) => {
    leg.send("size", 0, 640, 480);
    leg.send("rect", 0, 0, 0, 640, 480);
    leg.send("cfill", 14, 0, 40, 80, 160, 255);
    leg.send("sync", 1);
    await session.page.getByRole("button", { name: "End" }).waitFor();
  };

  test.each([
    [514, 1011],
    [515, 1011],
    [516, 1002],
    [519, 1011],
    [520, 1011],
    [512, 1011],
  ])("status %i: target_unreachable, with guacd's status", async (status, code) => {
    const opened = await open();
    await draw(opened);
    opened.leg.send("error", "Aborted. See logs.", status);
    await expectTold(world, opened.session, {
      title: "The connection to the target was lost",
      reason: "target_unreachable",
      detail: "The connection to 127.0.0.1 was lost: it went away, or the network in between failed.",
      close: { code, reason: String(status) },
    });
  });

  test.each([518, 521, 522, 523])("status %i: target_closed", async (status) => {
    const opened = await open();
    await draw(opened);
    opened.leg.send("error", "Aborted. See logs.", status);
    await expectTold(world, opened.session, {
      title: "The target closed the session",
      reason: "target_closed",
      detail: null,
      close: { code: 1002, reason: "523" },
    });
  });

  test("a plain disconnect: target_closed", async () => {
    const opened = await open();
    await draw(opened);
    opened.leg.send("disconnect");
    await expectTold(world, opened.session, {
      title: "The target closed the session",
      reason: "target_closed",
      detail: null,
      close: { code: 1002, reason: "523" },
    });
  });

  const guacdFailed = (detail: RegExp): Told => ({
    title: "The session host stopped",
    reason: "guacd_failed",
    detail,
    close: { code: 1011, reason: "514" },
  });

  test("its connection lost", async () => {
    const opened = await open();
    await draw(opened);
    opened.leg.destroy();
    await expectTold(world, opened.session, guacdFailed(/closed the connection/));
  });

  test("silence", async () => {
    const opened = await open();
    await draw(opened);
    await expectTold(world, opened.session, guacdFailed(/did not answer any more/));
  });

  test("what is no Guacamole", async () => {
    const opened = await open();
    await draw(opened);
    opened.leg.write("hello");
    await expectTold(world, opened.session, guacdFailed(/closed the connection/));
  });

  test("a password that it says is refused three times", async () => {
    const { session, leg } = await open();
    leg.send("error", "Aborted. See logs.", 769);
    for (const left of ["2 tries left", "1 try left"]) {
      const before = guacd.connections.length;
      await session.page.getByText(left).waitFor();
      await session.page.getByLabel("Password", { exact: true }).fill("again");
      await session.page.keyboard.press("Enter");
      await expect.poll(() => guacd.connections.length).toBeGreaterThan(before);
      guacd.connections[before]?.send("error", "Aborted. See logs.", 769);
    }
    await expectTold(world, session, {
      title: "The target refused the sign-in",
      reason: "auth_failed",
      detail: /refused/,
      close: { code: 1008, reason: "769" },
    });
  });
});

test("no process of a session outlives its end in any way: guacd's own are gone too", async () => {
  const world = await startSessionWorld();
  try {
    const guacd = await world.gateway.guacdSession();
    const idle = (await processesOfSession(guacd)).length;
    const session = await world.run();
    expect((await processesOfSession(guacd)).length).toBeGreaterThan(idle);
    await session.page.getByRole("button", { name: "End" }).click();
    await world.ended(session.id);
    await expect.poll(async () => (await processesOfSession(guacd)).length, { timeout: 5_000 }).toBe(idle);
  } finally {
    await world.close();
  }
});
