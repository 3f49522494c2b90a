import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type HopHosts, startHopHosts } from "../support/hop-hosts.ts";
import { hearsKeys } from "../support/portal-steps.ts";
import { type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";

// "Test connection" through two real SSH servers, from the form to the session.

let world: SessionWorld;
let chain: HopHosts;
let target: SshHost;
beforeAll(async () => {
  world = await startSessionWorld();
  chain = await startHopHosts(2);
  target = await startSshHost({ place: chain.target, port: 22 });
}, 60_000);
afterEach(() => world.closePages());
afterAll(async () => {
  await world?.close();
  await target?.stop();
  await chain?.stop();
});

test("a wrong password is found at its hop, mended in its card, and then everything answers and the session starts", async () => {
  const [first, second] = [chain.hop(1), chain.hop(2)];
  const { page } = await world.newPage();
  await page.goto(world.gateway.url);
  await hearsKeys(page);
  await page.keyboard.press("n");
  const hops = [first, second].map(({ hostname, port, username }) => `${username}@${hostname}:${port}`).join(",");
  const line = page.getByLabel("Host", { exact: true });
  await line.fill(`ssh -J ${hops} ${target.username}@${chain.targetBehind(2)} -p ${target.port}`);
  await line.blur();
  const card = (number: number) => page.getByRole("group", { name: new RegExp(`^Hop ${number},`) });
  const secret = (number: number) => card(number).getByRole("textbox", { name: "Password" });
  await secret(1).fill(first.password ?? "");
  await card(2)
    .getByRole("button", { name: /^Hop 2: / })
    .click();
  await secret(2).fill("not-this-one");
  await page.getByRole("textbox", { name: "Password", exact: true }).first().fill(target.password);
  await page.getByRole("button", { name: "Test connection" }).click();

  const dialog = page.getByRole("dialog", { name: /^Test connection/ });
  await dialog.getByText("Stopped at hop 2").first().waitFor();
  const fault = dialog.getByRole("listitem").filter({ hasText: "Hop 2 sign-in" });
  await fault.getByText("What to do").waitFor();
  expect(await fault.getByRole("listitem").count()).toBeGreaterThan(0);
  await dialog.getByText("Target and session host").waitFor();
  await dialog.getByRole("img", { name: / refuses the sign-in failed, Target not reached/ }).waitFor();
  expect(await dialog.textContent()).not.toContain("not-this-one");

  await dialog.getByRole("button", { name: "Edit hop 2" }).click();
  await expect.poll(() => page.evaluate("document.activeElement.dataset.path")).toBe("jump_hosts.1.hostname");
  await secret(2).fill(second.password ?? "");
  await page.getByRole("button", { name: "Test connection" }).click();
  await dialog
    .getByText(/^Everything answers, /)
    .first()
    .waitFor();
  expect(await dialog.locator('[data-state="failed"], [data-state="waiting"]').count()).toBe(0);
  await dialog.getByRole("button", { name: "Start session" }).click();
  await page.waitForURL("**/client/*");
  await page.getByRole("button", { name: "End" }).waitFor();
});
