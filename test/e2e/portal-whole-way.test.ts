import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { usualRateLimits } from "../support/rate-limits.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { typeKeys } from "../support/type-keys.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// Every kind of session from the form to its end, on real servers; and the whole way without a pointer. The usual rate
// limits hold, and hinder nobody.

let world: SessionWorld;
let vnc: VncHost;
let rdp: RdpHost;
beforeAll(async () => {
  [world, vnc, rdp] = await Promise.all([
    startSessionWorld({ environment: usualRateLimits }),
    startVncHost(),
    startRdpHost(),
  ]);
}, 60_000);
afterEach(() => world.closePages());
afterAll(async () => {
  await world?.close();
  await Promise.all([vnc?.stop(), rdp?.stop()]);
});

const host = (page: Page) => page.getByLabel("Host", { exact: true });
const password = (page: Page) => page.getByRole("textbox", { name: "Password", exact: true });

/** Opens the portal with the form over it. */
const openForm = async (context = {}): Promise<Page> => {
  const { page } = await world.newPage({ context });
  await page.goto(world.gateway.url);
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  await page.getByRole("button", { name: "New session" }).first().click();
  await host(page).waitFor();
  return page;
};

interface Kind {
  readonly kind: string;
  readonly fill: (page: Page) => Promise<void>;
  /** How its row is called. */
  readonly name: () => string;
}

const kinds: readonly Kind[] = [
  {
    kind: "SSH",
    fill: async (page) => {
      await host(page).fill(`ssh ${world.host.username}@${world.host.host} -p ${world.host.port}`);
      await password(page).fill(world.host.password);
    },
    name: () => `${world.host.username}@${world.host.host}`,
  },
  {
    kind: "VNC",
    fill: async (page) => {
      await host(page).fill(`vnc://${vnc.host}:${vnc.port}`);
      await password(page).fill(vnc.password);
    },
    name: () => vnc.host,
  },
  {
    kind: "RDP",
    fill: async (page) => {
      await page.getByRole("radio", { name: /RDP/ }).check();
      await host(page).fill(rdp.host);
      await page.getByLabel("Port").fill(String(rdp.port));
      await page.getByRole("textbox", { name: "User" }).fill(rdp.username);
      await password(page).fill(rdp.password);
      await page.getByRole("button", { name: "Change connection" }).click();
      await page.getByLabel("Accept any certificate").check();
    },
    name: () => `${rdp.username}@${rdp.host}`,
  },
];

const screens = [
  { screen: "wide and light", context: { colorScheme: "light", viewport: { width: 1440, height: 900 } } },
  { screen: "on a phone and dark", context: { colorScheme: "dark", viewport: { width: 390, height: 844 } } },
] as const;

describe.each(screens)("$screen", ({ context }) => {
  test.each(kinds)("$kind starts from the form, is live in another window, and ends from there", async (kind) => {
    const page = await openForm(context);
    await kind.fill(page);
    await page.getByRole("button", { name: "Start session" }).click();
    await page.waitForURL("**/client/*");

    const list = await page.context().newPage();
    await list.goto(world.gateway.url);
    const row = list.getByRole("row").filter({ hasText: kind.name() }).first();
    await row.getByText("Active", { exact: true }).waitFor();
    await row.getByRole("link", { name: `Return: ${kind.name()}` }).waitFor();
    await row.getByRole("button", { name: `End: ${kind.name()}` }).click();
    await list.getByRole("button", { name: "End session" }).click();
    await row.getByText("You ended it").waitFor();
    await page.getByRole("heading", { name: "You ended the session" }).waitFor();
  });
});

test("with the keyboard alone: from the key to a typed command, and back to the list by the palette", async () => {
  const key = await world.gateway.addKey("keyboard");
  const { page } = await world.newPage({ cookie: null });
  await page.goto(world.gateway.url);
  await page.getByLabel("API key or token").waitFor();
  await page.keyboard.insertText(key);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /^(Sessions|Welcome)/ }).waitFor();

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.insertText(`${world.host.username}@${world.host.host}:${world.host.port}`);
  await page.getByRole("option", { name: /^New SSH session to/ }).waitFor();
  await page.keyboard.press("Enter");
  await host(page).waitFor();
  await expect.poll(() => host(page).inputValue()).toBe(world.host.host);
  // Port, user, kind of sign-in, password.
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement?.type")).toBe("password");
  await page.keyboard.insertText(world.host.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/client/*");
  await page.getByRole("button", { name: "End" }).waitFor();
  await typeKeys(page, "echo typed > keyboard-only.txt\n");
  await world.fileHolds("keyboard-only.txt", "typed\n");

  const list = await page.context().newPage();
  await list.goto(world.gateway.url);
  await list.getByText("Active", { exact: true }).waitFor();
  await list.keyboard.press("Control+k");
  await list.getByRole("option", { selected: true }).getByText("Return").waitFor();
  await list.keyboard.press("Escape");
  await list.keyboard.press("ArrowDown");
  await list.keyboard.press(".");
  await expect.poll(() => list.evaluate("document.activeElement?.textContent")).toBe("Return");
  await list.keyboard.press("Delete");
  await list.getByRole("dialog").waitFor();
  await list.keyboard.press("Shift+Tab");
  await list.keyboard.press("Enter");
  await list.getByText("You ended it").waitFor();
  await list.keyboard.press("g");
  await list.keyboard.press("a");
  await list.getByRole("heading", { name: "API keys" }).waitFor();
});
