import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  begins,
  ends,
  type FoundFault,
  fails,
  fakeDiagnose,
  succeeds,
  type TestEvent,
  warns,
} from "../support/fake-diagnose.ts";
import { hearsKeys } from "../support/portal-steps.ts";
import { type PortalWorld, startPortalWorld } from "../support/portal-world.ts";

// "Test connection" over streams that a test writes; the form and all else are served by a real gateway.

let world: PortalWorld;
beforeAll(async () => {
  world = await startPortalWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

const line = "ssh -J jump@bastion,gate@db-gw:2200 deploy@db-1";
const signedIn = (number: number, host: string): TestEvent[] => [
  succeeds("connect", `Hop ${number}, ${host}`, 9),
  succeeds("host_key", `Hop ${number}, ${host}`, 31, "matches the key seen before"),
  succeeds("sign_in", `Hop ${number}, ${host}`, 44, "password accepted"),
];
const refused: FoundFault = {
  cause: "wrong_password",
  message: "db-gw refuses the password of gate. The name may be wrong as well.",
  fix: ["Type the password again.", "Ask who keeps db-gw whether gate may sign in with a password."],
};
const failing = [
  ...signedIn(1, "bastion"),
  succeeds("connect", "Hop 2, db-gw", 12),
  fails("sign_in", "Hop 2, db-gw", 52, refused),
  ends(false),
];

/** The form, filled. Without events the gateway answers the test itself. */
const openForm = async (events?: readonly TestEvent[]): Promise<Page> => {
  const page = await world.newPage("poweruser");
  if (events) await page.addInitScript(fakeDiagnose(events));
  await page.goto(world.gateway.url);
  await hearsKeys(page);
  await page.keyboard.press("n");
  const host = page.getByLabel("Host", { exact: true });
  await host.fill(line);
  await host.blur();
  const hop = page.getByRole("group", { name: "Hop 1, bastion" });
  await hop.getByRole("textbox", { name: "Password" }).fill("first secret");
  return page;
};
const startTest = async (page: Page) => {
  await page.getByRole("button", { name: "Test connection" }).click();
  await dialog(page).waitFor();
};
const dialog = (page: Page) => page.getByRole("dialog", { name: /^Test connection/ });
const step = (page: Page, name: string) => dialog(page).getByRole("listitem").filter({ hasText: name });
const askedFor = (page: Page) =>
  page.evaluate<Array<{ headers: Record<string, string>; body: Record<string, unknown>; isGivenUp: boolean }>>("tests");
const push = (page: Page, [name, data]: TestEvent) =>
  page.evaluate(`pushTest(${JSON.stringify(name)}, ${JSON.stringify(data)})`);
const focusedText = (page: Page) => page.evaluate<string>("document.activeElement?.textContent ?? ''");

test("asks for the stream with what would make the session, and tells each step as it comes", async () => {
  const page = await openForm([...signedIn(1, "bastion"), begins("connect", "Hop 2, db-gw", 10_000)]);
  await startTest(page);
  expect(await askedFor(page)).toMatchObject([
    {
      headers: { accept: "text/event-stream" },
      body: {
        ...{ session_type: "ssh", hostname: "db-1", port: 22, username: "deploy" },
        jump_hosts: [
          { hostname: "bastion", port: 22, username: "jump", password: "first secret" },
          { hostname: "db-gw", port: 2200, username: "gate" },
        ],
      },
    },
  ]);
  await step(page, "Hop 1 host key").getByText("matches the key seen before").waitFor();
  await step(page, "Hop 2 answers").getByText("10 s at most").waitFor();
  await step(page, "Target").waitFor();
  await dialog(page).getByText("Signs in to the hops, never to the target.").waitFor();
  await dialog(page)
    .getByRole("img", { name: /bastion 84 ms done, db-gw dialling running/ })
    .waitFor();
  expect(await focusedText(page)).toBe("Stop");
  await push(page, succeeds("connect", "Hop 2, db-gw", 1234));
  await step(page, "Hop 2 answers").getByText("1.2 s").waitFor();
  await page.getByRole("status").getByText("Hop 2 answers: done").waitFor({ state: "attached" });
});

describe("a step that fails", () => {
  test("opens with cause, sentence, what to do and code, and names what was not tried", async () => {
    const page = await openForm(failing);
    await startTest(page);
    const fault = step(page, "Hop 2 sign-in");
    await fault.getByText("db-gw refuses the password of gate.", { exact: true }).waitFor();
    await fault.getByText("The name may be wrong as well.", { exact: true }).waitFor();
    expect(await fault.getByRole("listitem").allTextContents()).toEqual(refused.fix);
    await fault.getByText("wrong_password", { exact: true }).waitFor();
    await step(page, "Target and session host").getByText("not tried").waitFor();
    await dialog(page).getByText("Stopped at hop 2").first().waitFor();
    await dialog(page)
      .getByRole("img", { name: /bastion 84 ms done, db-gw .* failed, Target not reached/ })
      .waitFor();
  });

  test("leads to the card of its hop, with what was typed still there, and the test can be made again", async () => {
    const page = await openForm(failing);
    await startTest(page);
    await dialog(page).getByRole("button", { name: "Edit hop 2" }).click();
    await dialog(page).waitFor({ state: "detached" });
    const hop = page.getByRole("group", { name: "Hop 2, db-gw" });
    await expect.poll(() => page.evaluate("document.activeElement.dataset.path")).toBe("jump_hosts.1.hostname");
    await hop.getByRole("textbox", { name: "Password" }).fill("second secret");
    await startTest(page);
    const [, again] = await askedFor(page);
    expect(again?.body.jump_hosts).toMatchObject([{ password: "first secret" }, { password: "second secret" }]);
    await dialog(page).getByRole("button", { name: "Test again" }).click();
    await expect.poll(async () => (await askedFor(page)).length).toBe(3);
  });

  test("goes into a report that holds no secret", async () => {
    const page = await openForm(failing);
    await startTest(page);
    await dialog(page).getByText("Report holds no passwords or keys.").waitFor();
    await dialog(page).getByRole("button", { name: "Copy report" }).click();
    await dialog(page).getByRole("button", { name: "Copied" }).waitFor();
    const report = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(report).toContain("FAILED  Hop 2 sign-in, 52 ms: db-gw refuses the password of gate.");
    expect(report).toContain("2. Ask who keeps db-gw");
    expect(report).toContain("not tried  Target and session host");
    expect(report).not.toContain("secret");
  });
});

test("when everything answers, the session can be started from there", async () => {
  const steps = [succeeds("connect", "Target, db-1", 3), succeeds("guacd", "Session host", 1)];
  const page = await openForm([...signedIn(1, "bastion"), ...signedIn(2, "db-gw"), ...steps, ends(true)]);
  await startTest(page);
  await dialog(page).getByText("Everything answers, 172 ms").first().waitFor();
  await dialog(page).getByRole("button", { name: "Start session" }).click();
  await page.waitForURL("**/client/*");
});

test("what has no effect is a warning that says what to do, and the session can be started all the same", async () => {
  const warning: FoundFault = {
    cause: "guacd_option_unknown",
    message: "This guacd does not know disable_copy. The session starts without it.",
    fix: ["Update guacd."],
  };
  const page = await openForm([
    succeeds("connect", "Target, db-1", 3),
    warns("guacd", "Session host", 1, warning),
    ends(true),
  ]);
  await startTest(page);
  const row = step(page, "Session host ready");
  await row.getByText("Done, with a warning:").waitFor({ state: "attached" });
  await row.getByText("This guacd does not know disable_copy.", { exact: true }).waitFor();
  expect(await row.getByRole("listitem").allTextContents()).toEqual(warning.fix);
  await dialog(page).getByText("Everything answers, with a warning").first().waitFor();
  await dialog(page).getByRole("button", { name: "Copy report" }).click();
  await dialog(page).getByRole("button", { name: "Copied" }).waitFor();
  expect(await page.evaluate<string>("navigator.clipboard.readText()")).toContain("warning  Session host ready, 1 ms:");
  await dialog(page).getByRole("button", { name: "Start session" }).waitFor();
});

describe("the test is given up", () => {
  test("by Stop, which leaves what was found", async () => {
    const page = await openForm([...signedIn(1, "bastion"), begins("connect", "Hop 2, db-gw")]);
    await startTest(page);
    await dialog(page).getByRole("button", { name: "Stop" }).click();
    await dialog(page).getByText("Stopped by you").first().waitFor();
    expect(await askedFor(page)).toMatchObject([{ isGivenUp: true }]);
    await step(page, "Hop 1 sign-in").waitFor();
    await step(page, "Hop 2, target and session host").getByText("not tried").waitFor();
    expect(await focusedText(page)).toBe("Test again");
  });

  test("by Esc, which leads back to the form and to the button that began it", async () => {
    const page = await openForm([begins("connect", "Hop 1, bastion")]);
    await startTest(page);
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    await page.getByRole("dialog", { name: "New session" }).waitFor();
    expect(await askedFor(page)).toMatchObject([{ isGivenUp: true }]);
    await expect.poll(() => focusedText(page)).toBe("Test connection");
  });
});

test("a connection that is lost is told, and Test again begins anew", async () => {
  const page = await openForm([...signedIn(1, "bastion"), begins("connect", "Hop 2, db-gw")]);
  await startTest(page);
  await step(page, "Hop 2 answers").waitFor();
  await page.evaluate("cutTest()");
  await dialog(page).getByRole("alert").getByText("The connection to the gateway was lost.").waitFor();
  await dialog(page).getByRole("button", { name: "Test again" }).click();
  await dialog(page).getByRole("alert").waitFor({ state: "detached" });
  await step(page, "Hop 2 answers").waitFor();
});

describe("a test that the gateway refuses", () => {
  const refuse = (page: Page, status: number, fields: object) =>
    page.route("**/api/sessions/diagnose", (route) =>
      route.fulfill({
        status,
        contentType: "application/problem+json",
        body: JSON.stringify({ status, ...fields }),
      }),
    );

  test("for what stands in a field is told there, in the form", async () => {
    const page = await openForm();
    const field = "jump_hosts[1].port";
    await refuse(page, 400, { code: "invalid_request", field, detail: `${field}: must be 1 to 65535` });
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByRole("group", { name: "Hop 2, db-gw" }).getByText("Must be 1 to 65535.").waitFor();
    expect(await dialog(page).count()).toBe(0);
  });

  test("for another reason is told where it was asked for", async () => {
    const page = await openForm();
    await refuse(page, 429, { code: "rate_limited", detail: "Too many requests" });
    await startTest(page);
    await dialog(page).getByRole("alert").getByText("Too many requests.").waitFor();
    await dialog(page).getByRole("button", { name: "Test again" }).waitFor();
  });
});
