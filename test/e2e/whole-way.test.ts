import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { typeKeys } from "../support/type-keys.ts";

// The whole way as a person goes it: sign in, fill the form, work in the shell, come back, end it from the list.

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

test("from the key to a shell, with the list in another window that ends it", async () => {
  const { page } = await world.newPage({ cookie: null });
  await page.goto(world.gateway.url);
  await page.getByLabel("API key or token").fill(world.gateway.adminKey);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Welcome to Sallyport" }).waitFor();

  await page.getByRole("button", { name: "New session" }).first().click();
  await page.getByLabel("Host", { exact: true }).fill(`${world.host.username}@${world.host.host}:${world.host.port}`);
  await page.getByRole("textbox", { name: "Password" }).fill(world.host.password);
  await page.getByRole("button", { name: "Start session" }).click();
  await page.waitForURL("**/client/*");
  await page.getByRole("button", { name: "End" }).waitFor();
  await typeKeys(page, "echo here > whole-way.txt\n");
  await world.fileHolds("whole-way.txt", "here\n");

  const list = await page.context().newPage();
  await list.goto(world.gateway.url);
  await list.getByText("Active", { exact: true }).waitFor();
  await list.getByRole("button", { name: /^End: / }).click();
  await list.getByRole("button", { name: "End session" }).click();
  await page.getByRole("heading", { name: "You ended the session" }).waitFor();
  await page.getByRole("button", { name: "Back to sessions" }).click();
  await page.getByText("You have no running session").waitFor();
  await page.getByText("Ended", { exact: true }).click();
  await page.getByRole("button", { name: /^Start again: / }).waitFor();
});

test("Start again brings the form, filled but for the secrets, and Enter opens the next session", async () => {
  const { page, id } = await world.run();
  await typeKeys(page, "exit\n");
  await page.getByRole("heading", { name: "You signed out" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/?again=${id}`);
  await page.getByRole("textbox", { name: "Password" }).fill(world.host.password);
  await expect.poll(() => page.getByLabel("Port").inputValue()).toBe(String(world.host.port));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/client/*");
  await page.getByRole("button", { name: "End" }).waitFor();
});

test("who is not signed in signs in and lands in the session that was asked for", async () => {
  const key = await world.gateway.addKey("visitor");
  const made = await fetch(`${world.gateway.url}/api/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      hostname: world.host.host,
      port: world.host.port,
      username: world.host.username,
      password: world.host.password,
    }),
  });
  const session: { client_url: string } = JSON.parse(await made.text());
  const { page } = await world.newPage({ cookie: null });
  await page.goto(`${world.gateway.url}${session.client_url}`);
  await page.getByLabel("API key or token").fill(key);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${session.client_url}`);
  await page.getByRole("button", { name: "End" }).waitFor();
});

test("a session of somebody else is not opened", async () => {
  const { client_url } = await world.create();
  const { cookie } = await world.gateway.signIn("poweruser");
  const { page } = await world.newPage({ cookie });
  await page.goto(`${world.gateway.url}${client_url}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expect.poll(() => page.getByRole("alert").textContent()).not.toBe("");
  expect(await page.getByRole("button", { name: "End" }).count()).toBe(0);
});
