import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type HopHosts, startHopHosts } from "../support/hop-hosts.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { typeKeys } from "../support/type-keys.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// Sessions through two real SSH servers, each in a network of its own, seen in a real browser.

let world: SessionWorld;
let chain: HopHosts;
let desktop: VncHost;
let windows: RdpHost;
beforeAll(async () => {
  chain = await startHopHosts(2);
  const place = chain.target;
  [world, desktop, windows] = await Promise.all([
    startSessionWorld({ host: { place, port: 22 } }),
    startVncHost({ place }),
    startRdpHost({ place }),
  ]);
}, 60_000);
afterEach(() => world.closePages());
afterAll(async () => {
  await Promise.all([world?.close(), desktop?.stop(), windows?.stop()]);
  await chain?.stop();
});

const holds = (home: string, text: string) =>
  expect.poll(() => readFile(join(home, "hops.txt"), "utf8").catch(() => ""), { timeout: 10_000 }).toBe(text);

test("SSH: the shell takes keys, and a hop that breaks off is named with the break in the drawn way", async () => {
  const [first, second] = [chain.hop(1), chain.hop(2)];
  const { page } = await world.run({ jump_hosts: [first, second] });
  await typeKeys(page, "echo ssh > hops.txt\n");
  await holds(world.host.home, "ssh\n");
  await chain.hosts[1]?.signalSessions("SIGKILL");
  await page.getByRole("heading", { name: `Hop 2, ${second.hostname}, stopped answering` }).waitFor();
  await page
    .getByRole("img", {
      name: `Path: You done, Gateway done, ${first.hostname} done, ${second.hostname} stopped answering failed, Target not reachable`,
    })
    .waitFor();
  await page.getByText("unless they ran in tmux, screen or a service.").waitFor();
});

test("a hop that refuses the sign-in is told before anything of the target is asked for; from there the same way is tested or started again, with every hop and its pinned key but without a secret", async () => {
  const [first, second] = [chain.hop(1), chain.hop(2)];
  const [pinned = ""] = (await chain.hosts[1]?.hostKeyLines()) ?? [];
  const fields = { jump_hosts: [first, { ...second, password: "wrong", host_key: pinned }], password: "" };
  const { page, id } = await world.open(fields);
  const end = page.getByRole("heading", { name: `Hop 2, ${second.hostname}, refused the sign-in` });
  await end.waitFor();
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.waitForURL(`**/?again=${id}&test`);
  await page.getByText("Passwords and keys were not kept: type them again.").waitFor();
  const addresses = [first, second].map(({ hostname, username }) => `${username}@${hostname}`);
  expect(await page.locator(".hop-name").allTextContents()).toEqual(addresses);
  await page.getByRole("button", { name: /^Hop 2: / }).click();
  const secrets = page.getByRole("textbox", { name: "Password" });
  expect(await secrets.evaluateAll((fields) => fields.map((field) => Reflect.get(field, "value")))).toEqual([
    "",
    "",
    "",
  ]);
  expect(await page.getByRole("button", { name: "Test connection" }).getAttribute("type")).toBe("submit");

  await page.goBack();
  await end.waitFor();
  await page.getByRole("button", { name: "Start again" }).click();
  await page.waitForURL(`**/?again=${id}`);
  await page.getByText("What you type here is used once and stored nowhere.").waitFor();
  expect(await page.locator(".hop-name").allTextContents()).toEqual(addresses);
  const card = page.getByRole("group", { name: /^Hop 2, / });
  await card.getByText("Key pinned").waitFor();
  await card.getByRole("button", { name: /^Hop 2: / }).click();
  expect(await card.getByLabel("Host key").inputValue()).toBe(pinned);
});

test("VNC: the desktop takes keys", async () => {
  const { host: hostname, port, password } = desktop;
  const { page } = await world.run({ session_type: "vnc", hostname, port, password, jump_hosts: chain.first(2) });
  await typeKeys(page, "echo vnc > hops.txt\n");
  await holds(desktop.home, "vnc\n");
});

test("RDP: the desktop takes keys", async () => {
  const { host: hostname, port, username, password } = windows;
  const target = { session_type: "rdp", hostname, port, username, password };
  const { page } = await world.run({ ...target, jump_hosts: chain.first(2) });
  await windows.desktopIsThere();
  // xrdp loses keys while its desktop comes up.
  await expect
    .poll(
      async () => {
        await typeKeys(page, "echo rdp > hops.txt\n");
        return readFile(join(windows.home, "hops.txt"), "utf8").catch(() => "");
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe("rdp\n");
}, 60_000);
