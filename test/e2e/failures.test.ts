import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { processesOfSession } from "../../src/core/process-stat.ts";
import { generateKeyPair } from "../../src/ssh/generate-key-pair.ts";
import { type SessionPage, type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { signalQuietly } from "../support/signal-quietly.ts";
import { freePort } from "../support/ssh-host.ts";
import { typeKeys } from "../support/type-keys.ts";

// What stands between a person and a session: the page says which, the row holds it, the socket closes with its status.

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

/** Checks all four places where a failure is told. */
const expectFailure = async (
  session: SessionPage,
  expected: { title: string; sentence: string; reason: string; detail: string; status: number; code: number },
) => {
  await session.page.getByRole("heading", { level: 1, name: expected.title, exact: true }).waitFor();
  expect(await session.page.getByRole("alert").textContent()).toContain(expected.sentence);
  await session.page.getByText(expected.reason, { exact: true }).waitFor();
  expect(await world.ended(session.id)).toMatchObject({ end_reason: expected.reason, end_detail: expected.detail });
  expect(session.watch.received("error")).toEqual([[expected.detail, String(expected.status)]]);
  expect(await session.watch.closes()).toEqual([{ code: expected.code, reason: String(expected.status) }]);
};

test("a password that is wrong three times", async () => {
  const detail = `127.0.0.1 refused the sign-in of ${world.host.username}.`;
  const session = await world.open({ password: "wrong" });
  for (const left of ["2 tries left", "1 try left"]) {
    await session.page.getByText(left).waitFor();
    await session.page.getByLabel("Password", { exact: true }).fill("wrong again");
    await session.page.keyboard.press("Enter");
  }
  await expectFailure(session, {
    title: "The target refused the sign-in",
    sentence: detail,
    reason: "auth_failed",
    detail,
    status: 769,
    code: 1008,
  });
});

test("a port where nothing listens", async () => {
  const port = await freePort();
  const detail = `127.0.0.1 refuses connections on port ${port}: nothing listens there.`;
  await expectFailure(await world.open({ port }), {
    title: `127.0.0.1 does not answer on port ${port}`,
    sentence: detail,
    reason: "target_unreachable",
    detail,
    status: 519,
    code: 1011,
  });
});

test("a name that nobody knows", async () => {
  const detail = "The name no-such-host.invalid is not known to the gateway.";
  await expectFailure(await world.open({ hostname: "no-such-host.invalid" }), {
    title: "no-such-host.invalid can't be found",
    sentence: detail,
    reason: "target_unreachable",
    detail,
    status: 519,
    code: 1011,
  });
});

test("a changed host key, with both fingerprints", async () => {
  const first = await world.run();
  await typeKeys(first.page, "exit\n");
  await world.ended(first.id);
  const [before = ""] = await world.host.fingerprints();
  await world.host.restart({ newHostKeys: true });
  const [after = ""] = await world.host.fingerprints();

  const session = await world.open();
  await expectFailure(session, {
    title: "The host key of the target has changed",
    sentence: "It may have been reinstalled, or someone may be in between.",
    reason: "host_key_changed",
    detail: `127.0.0.1 showed another host key than the one seen before. Now: ${after}. Expected: ${before}. It may have been reinstalled, or someone may be in between. Nothing was sent to it.`,
    status: 519,
    code: 1011,
  });
  expect(await session.page.getByRole("definition").filter({ hasText: "SHA256:" }).allTextContents()).toEqual([
    before,
    after,
  ]);
  await session.page.getByRole("button", { name: "Start again" }).waitFor({ state: "detached" });
});

test("another key than the pinned one", async () => {
  const [actual = ""] = await world.host.fingerprints();
  const { publicLine } = generateKeyPair();
  const session = await world.open({ host_key: publicLine });
  await session.page.getByText("showed another key than the one that this session pins.").waitFor();
  await session.page.getByText("Pinned", { exact: true }).waitFor();
  await session.page.getByText(actual, { exact: true }).waitFor();
  expect((await world.ended(session.id)).end_reason).toBe("host_key_changed");
});

describe("guacd", () => {
  /** The process that the log names, and all of its session. */
  const guacdNow = async () => {
    const pid = await world.gateway.guacdSession();
    return { pid, all: (await processesOfSession(pid)).map((process) => process.pid) };
  };
  const lost = {
    title: "The session host stopped",
    sentence: "It is being restarted. Nothing is wrong with the target. Start again in a few seconds.",
    reason: "guacd_failed",
    detail: "The session host closed the connection.",
    status: 514,
    code: 1011,
  };
  /** The test before has changed the key that is known. */
  const pinned = async () => ({ host_key: (await world.host.hostKeyLines())[0] });

  test("killed in the middle of a session; the next session gets a new one", async () => {
    const session = await world.run(await pinned());
    const { all } = await guacdNow();
    for (const pid of all) signalQuietly(pid, "SIGKILL");
    await expectFailure(session, lost);

    const next = await world.run(await pinned());
    await typeKeys(next.page, "echo again > again.txt\n");
    await world.fileHolds("again.txt", "again\n");
    expect((await guacdNow()).all).not.toEqual(all);
  });

  test("whose keeper alone is killed takes its sessions along", async () => {
    const session = await world.run(await pinned());
    process.kill((await guacdNow()).pid, "SIGKILL");
    await expectFailure(session, lost);
  });

  test("that is not there when a session is opened", async () => {
    const port = await freePort();
    const alone = await startSessionWorld({ environment: { SALLYPORT_GUACD_ADDRESSES: `127.0.0.1:${port}` } });
    try {
      const session = await alone.open();
      await session.page.getByRole("heading", { level: 1, name: "The session host stopped" }).waitFor();
      expect(await alone.ended(session.id)).toMatchObject({
        end_reason: "guacd_failed",
        end_detail: expect.any(String),
      });
      expect(await session.watch.closes()).toEqual([{ code: 1011, reason: "514" }]);
      await alone.closePages();
    } finally {
      await alone.close();
    }
  });
});
