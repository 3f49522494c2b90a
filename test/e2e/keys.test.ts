import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { typeKeys } from "../support/type-keys.ts";

// Signing in to the target with keys, typed into the form or made by the gateway.

const run = promisify(execFile);
let world: SessionWorld;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-keys-"));
  world = await startSessionWorld({ host: { passwordMethod: "none" } });
});
afterEach(() => world.closePages());
afterAll(async () => {
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

const authorize = (line: string) => appendFile(join(world.host.home, ".ssh", "authorized_keys"), `${line.trim()}\n`);

/** Presses Continue until it is heard: for half a second it is not. */
const goOn = (page: Page) =>
  vi.waitFor(async () => {
    const go = page.getByRole("button", { name: "Continue" });
    if (await go.isVisible()) await go.click();
    expect(await go.count()).toBe(0);
  });

test.each([
  { type: "ed25519", passphrase: "" },
  { type: "rsa", passphrase: "open sesame ä" },
])("an $type key from the form signs in, with its passphrase", async ({ type, passphrase }) => {
  const file = join(folder, type);
  await run("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-f", file]);
  await authorize(await readFile(`${file}.pub`, "utf8"));

  const { page } = await world.newPage();
  await page.goto(world.gateway.url);
  await page.getByRole("button", { name: "New session" }).first().click();
  await page.getByLabel("Host", { exact: true }).fill(world.host.host);
  await page.getByLabel("Port").fill(String(world.host.port));
  await page.getByLabel("User", { exact: true }).fill(world.host.username);
  await page.getByText("Private key", { exact: true }).click();
  await page.getByRole("textbox", { name: "Private key" }).fill(await readFile(file, "utf8"));
  if (passphrase !== "") await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Start session" }).click();
  await page.waitForURL("**/client/*");
  await page.getByRole("button", { name: "End" }).waitFor();
  await typeKeys(page, `echo signed in > ${type}.txt\n`);
  await world.fileHolds(`${type}.txt`, "signed in\n");
});

test("a key pair of the session's own is shown first, and lets in once its line is on the target", async () => {
  const { page, watch, id } = await world.open({ generate_keypair: true, banner: "Careful:\n<b>production</b>" });
  await page.getByText("<b>production</b>").waitFor();
  const line = (await page.getByText(/^ssh-ed25519 /).textContent()) ?? "";
  expect((await world.read(id)).banner_text).toContain(line);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toBe(line);
  expect(watch.sent("sync")).toEqual([]);
  expect((await world.read(id)).status).toBe("pending");

  await authorize(line);
  await goOn(page);
  await page.getByRole("button", { name: "End" }).waitFor();
  await typeKeys(page, "echo let in > pair.txt\n");
  await world.fileHolds("pair.txt", "let in\n");
});

test("Continue does nothing in the first 500 ms, when a press is meant for the page before", async () => {
  const { page, watch, id } = await world.open({ banner: "Read me" });
  await page.clock.install();
  await page.reload();
  await page.getByRole("button", { name: "Continue" }).click();
  expect(watch.sent("sync")).toEqual([]);
  expect((await world.read(id)).active_connections).toBe(0);
  await page.clock.fastForward(600);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect.poll(async () => (await world.read(id)).active_connections).toBe(1);
});

test("a key pair whose line is not on the target yet is refused by name, and tried again as it is", async () => {
  const { page, id } = await world.open({ generate_keypair: true });
  const { banner } = await world.read(id);
  await goOn(page);
  await page.getByText("2 tries left").waitFor();
  await appendFile(join(world.host.home, ".ssh", "authorized_keys"), `${banner}\n`);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "End" }).waitFor();
  expect((await world.read(id)).status).toBe("active");
});
