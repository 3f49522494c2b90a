import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { readProcessStat } from "../../src/core/process-stat.ts";
import { portOf } from "../support/port-of.ts";
import { type SessionPage, type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { typeKeys } from "../support/type-keys.ts";

// How a running session ends: what the page says, what the row holds, and that nothing of it stays on the target.

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

const title = ({ page }: SessionPage, words: string) => page.getByRole("heading", { level: 1, name: words }).waitFor();

/** The shell writes its process id, so that its end can be seen from outside. */
const startShell = async ({ page, id }: SessionPage): Promise<number> => {
  await typeKeys(page, `echo $$ > ${id}\n`);
  return Number(await world.fileHolds(id, /^\d+\n$/));
};
/** A zombie has ended: its sshd collects it when it has written its own logs. */
const hasEnded = (pid: number) =>
  vi.waitFor(async () => expect((await readProcessStat(pid))?.state ?? "Z").toBe("Z"), {
    timeout: 5_000,
    interval: 50,
  });

test("exit ends the page, which says that you signed out", async () => {
  const session = await world.run();
  await typeKeys(session.page, "exit\n");
  await title(session, "You signed out");
  expect(await world.ended(session.id)).toMatchObject({
    end_reason: "target_closed",
    end_detail: "The shell ended with exit status 0.",
  });
  expect(await session.watch.closes()).toEqual([{ code: 1002, reason: "523" }]);
  expect(await session.page.title()).toMatch(/^× /);
});

test("another exit status is shown", async () => {
  const session = await world.run();
  await typeKeys(session.page, "exit 3\n");
  await title(session, "The target closed the session");
  await session.page.getByText("The shell ended with exit status 3.").waitFor();
  expect((await world.ended(session.id)).end_detail).toBe("The shell ended with exit status 3.");
});

describe("a command instead of a shell", () => {
  test("takes keys and ends the session when it is done", async () => {
    const session = await world.run({ command: 'read -r line; echo "$line" > command.txt' });
    await typeKeys(session.page, "héllo\n");
    await world.fileHolds("command.txt", "héllo\n");
    expect(await world.ended(session.id)).toMatchObject({
      end_reason: "target_closed",
      end_detail: "The command ended with exit status 0.",
    });
  });

  test("that ends before the first picture still tells how it ended", async () => {
    const session = await world.open({ command: "exit 7" });
    await title(session, "The target closed the session");
    await session.page.getByText("The command ended with exit status 7.").waitFor();
  });
});

test("End ends the session, its row and the shell on the target", async () => {
  const session = await world.run();
  const shell = await startShell(session);
  await session.page.getByRole("button", { name: "End" }).click();
  await title(session, "You ended the session");
  expect(await world.ended(session.id)).toMatchObject({ end_reason: "closed", end_detail: null });
  expect(await session.watch.closes()).toEqual([{ code: 1000, reason: "0" }]);
  await hasEnded(shell);
});

test("ending it by the API ends the open page too", async () => {
  const session = await world.run();
  const shell = await startShell(session);
  const answer = await fetch(`${world.gateway.url}/api/sessions/${session.id}`, {
    method: "DELETE",
    headers: { cookie: world.cookie, "sec-fetch-site": "same-origin" },
  });
  expect(answer.status).toBe(204);
  await title(session, "You ended the session");
  expect(await session.watch.closes()).toEqual([{ code: 1002, reason: "523" }]);
  await hasEnded(shell);
});

test("Cancel while connecting ends the session", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  const port = await portOf(silent);
  const session = await world.open({ port });
  await session.page.getByRole("button", { name: "Cancel" }).click();
  silent.close();
  await title(session, "You ended the session");
  expect((await world.ended(session.id)).end_reason).toBe("closed");
});

test("closing the window leaves the session to whoever comes back, until the time for that is over", async () => {
  const brief = await startSessionWorld({ environment: { SALLYPORT_SESSION_RESUME_SECONDS: "2" } });
  try {
    const session = await brief.run();
    await session.page.close({ runBeforeUnload: false });
    expect((await brief.read(session.id)).status).toBe("active");
    expect(await brief.ended(session.id)).toMatchObject({ end_reason: "client_gone" });
  } finally {
    await brief.close();
  }
});
