import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type PortalWorld, startPortalWorld } from "../support/portal-world.ts";

// What admins keep: API keys and host keys.

let world: PortalWorld;
beforeAll(async () => {
  world = await startPortalWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

const open = async (path: string, role: "admin" | "poweruser" = "admin"): Promise<Page> => {
  const page = await world.newPage(role);
  await page.goto(world.gateway.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
};
const statusOf = async (key: string): Promise<number> =>
  (await fetch(`${world.gateway.url}/api/me`, { headers: { authorization: `Bearer ${key}` } })).status;
const focused = (page: Page) =>
  page.evaluate<string>(`(() => {
    const { tagName, ariaInvalid } = document.activeElement;
    return tagName + (ariaInvalid === "true" ? ", invalid" : "");
  })()`);
const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

describe("API keys", () => {
  test("are made and shown once, for as long and from where was said", async () => {
    const page = await open("/admin/keys");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name", { exact: true }).fill("netbox");
    await page.getByLabel("Works only from").fill("127.0.0.0/8\n10.20.0.0/16");
    await page.getByLabel("Expires").selectOption("In 30 days");
    await page.getByRole("button", { name: "Make key" }).click();
    const dialog = page.getByRole("dialog", { name: "Key “netbox” is ready" });
    const close = dialog.getByRole("button", { name: "Close" });
    await dialog.getByText("127.0.0.0/8, 10.20.0.0/16").waitFor();
    expect(await close.isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Copy" }).click();
    await dialog.getByRole("button", { name: "Copied" }).waitFor();
    const key = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(await statusOf(key)).toBe(200);
    await close.click();
    await row(page, "netbox").getByText("In 29 days").waitFor();
    expect(await page.content()).not.toContain(key);
  });

  test("that the gateway refuses are told at the field", async () => {
    const page = await open("/admin/keys");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name", { exact: true }).fill("first-admin");
    await page.getByRole("button", { name: "Make key" }).click();
    await expect.poll(() => focused(page)).toBe("INPUT, invalid");
    await page.getByLabel("Name", { exact: true }).fill("elsewhere");
    await page.getByLabel("Works only from").fill("10.0.0.0/99");
    await page.getByRole("button", { name: "Make key" }).click();
    await expect.poll(() => focused(page)).toBe("TEXTAREA, invalid");
  });

  test("are switched off and on, rotated and deleted, each after a question but switching on", async () => {
    const key = await world.gateway.addKey("backup");
    const page = await open("/admin/keys");
    await page.getByRole("button", { name: "Disable backup" }).click();
    await page.getByRole("button", { name: "Disable key" }).click();
    await row(page, "backup").getByText("Disabled", { exact: true }).waitFor();
    expect(await statusOf(key)).toBe(401);
    await page.getByRole("button", { name: "Enable backup" }).click();
    await row(page, "backup").getByText("Disabled", { exact: true }).waitFor({ state: "detached" });
    expect(await statusOf(key)).toBe(200);
    await page.getByRole("button", { name: "Rotate backup" }).click();
    await page.getByRole("button", { name: "Rotate key" }).click();
    const fresh = (await page.locator(".once-field code").textContent()) ?? "";
    expect([await statusOf(key), await statusOf(fresh)]).toEqual([401, 200]);
    await page.getByLabel("I have copied it").check();
    await page.getByRole("button", { name: "Close" }).click();
    await row(page, "backup").focus();
    await page.keyboard.press("Delete");
    await page.getByRole("dialog", { name: "Delete backup?" }).waitFor();
    await page.getByRole("button", { name: "Delete key" }).click();
    await row(page, "backup").waitFor({ state: "detached" });
    expect(await statusOf(fresh)).toBe(401);
  });

  test("are a page for admins only", async () => {
    const page = await open("/admin/keys", "poweruser");
    await page.getByText("This page is for admins").waitFor();
    expect(await page.getByRole("link", { name: "Admin" }).count()).toBe(0);
  });
});

test("a host key is shown with where it was seen, and forgotten after a question", async () => {
  const fingerprint = "SHA256:q3JxPp7Tn0a1Yc5vWm4eK2rLs8ZdUfH6oBtGjXi9fWk";
  const seen = { first_seen_at: Date.now(), first_seen_by: "m.keller@example.com", last_seen_at: Date.now() };
  const values = {
    kind: "ssh",
    state: "trusted",
    origin: "session",
    id: crypto.randomUUID(),
    path: "",
    host: "10.20.0.2",
    port: 2222,
    key_type: "ssh-ed25519",
  } as const;
  await world.gateway.database
    .insertInto("known_host")
    .values({ ...values, public_key: "AAAA", fingerprint, ...seen })
    .execute();
  const page = await open("/admin/known-hosts");
  await row(page, "10.20.0.2:2222").getByText(fingerprint).waitFor();
  await page.getByRole("button", { name: "Forget 10.20.0.2:2222" }).click();
  await page.getByRole("button", { name: "Forget key" }).click();
  await page.getByText("No host key is known yet").waitFor();
  expect(await world.gateway.database.selectFrom("known_host").selectAll().execute()).toEqual([]);
});

test("a key that waits for approval stands first and is trusted after a question, in the stead of the old one", async () => {
  const place = { kind: "ssh", path: "", host: "10.20.0.3", port: 22 } as const;
  const [old, shown] = ["SHA256:old", "SHA256:shown"].map((fingerprint) => ({
    keyType: "ssh-ed25519",
    publicKey: "AAAA",
    fingerprint,
  }));
  if (!old || !shown) throw new Error("no keys");
  await world.gateway.knownHosts.trustFirst(place, old, "m.keller@example.com");
  await world.gateway.knownHosts.propose(place, shown, "a.lindqvist@example.com");
  const page = await open("/admin/known-hosts");
  await row(page, "SHA256:shown").getByText("Waits for approval").waitFor();
  await page.getByRole("button", { name: "Approve 10.20.0.3" }).click();
  await page.getByRole("dialog").getByText("SHA256:shown").waitFor();
  await page.getByRole("button", { name: "Approve key" }).click();
  await row(page, "SHA256:shown").getByText("ssh-ed25519, approved").waitFor();
  expect(await world.gateway.knownHosts.find(place)).toEqual([
    expect.objectContaining({ fingerprint: "SHA256:shown", state: "trusted", origin: "admin" }),
  ]);
});

test("About tells the versions to everybody who is signed in and may see sessions", async () => {
  const page = await open("/about", "poweruser");
  const { version }: { version: string } = await (await page.request.get(`${world.gateway.url}/api/me`)).json();
  await page.getByText(`${version}, Apache-2.0`).waitFor();
  await page.getByText(process.versions.node).waitFor();
  await page.getByText("guacd", { exact: true }).waitFor();
});

test("an address of the portal opens its page, and any other is not found", async () => {
  const page = await open("/admin/known-hosts");
  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByRole("heading", { name: "API keys" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/admin/keys");
  await page.goBack();
  await page.getByRole("heading", { name: "Host keys" }).waitFor();
  expect((await fetch(`${world.gateway.url}/admin/nothing`)).status).toBe(404);
});
