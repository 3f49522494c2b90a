import type { Locator, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { hearsKeys } from "../support/portal-steps.ts";
import { type PortalWorld, startPortalWorld } from "../support/portal-world.ts";

// The way to a target in the form for new sessions, against the real API.

let world: PortalWorld;
beforeAll(async () => {
  world = await startPortalWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

const openForm = async (line: string): Promise<Page> => {
  const page = await world.newPage("poweruser");
  await page.goto(world.gateway.url);
  await hearsKeys(page);
  await page.keyboard.press("n");
  const host = page.getByLabel("Host", { exact: true });
  await host.fill(line);
  await host.blur();
  return page;
};
const hop = (page: Page, number: number): Locator => page.getByRole("group", { name: new RegExp(`^Hop ${number},`) });
const toggle = (page: Page, number: number) => hop(page, number).getByRole("button", { name: /^Hop \d: / });
const names = (page: Page) => page.locator(".hop-name").allTextContents();
const start = (page: Page) => page.getByRole("button", { name: "Start session" }).click();
const hearPost = (page: Page): Promise<Request> => page.waitForRequest((request) => request.method() === "POST");
const focused = (page: Page) => page.evaluate<string>("document.activeElement?.dataset.path ?? ''");

test("a pasted ssh line fills the hops, and they go out with what was typed for each and nothing that is empty", async () => {
  const page = await openForm("ssh -J jump@bastion,[2001:db8::7]:2200 deploy@db-1 -p 2222");
  expect(await names(page)).toEqual(["jump@bastion", "[2001:db8::7]:2200"]);
  await hop(page, 1).getByRole("textbox", { name: "Password" }).fill("first secret");
  await toggle(page, 2).click();
  await hop(page, 2).getByLabel("User").fill("gate");
  await hop(page, 2).getByLabel("Host key").fill(" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleQ== ");
  const [request] = await Promise.all([hearPost(page), start(page)]);
  expect(request.postDataJSON().jump_hosts).toEqual([
    { hostname: "bastion", port: 22, username: "jump", password: "first secret" },
    {
      hostname: "2001:db8::7",
      port: 2200,
      username: "gate",
      host_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleQ==",
    },
  ]);
});

test("hops are moved by Alt and an arrow, the focus staying where it was and the new place being told", async () => {
  const page = await openForm("ssh -J a@bastion,b@db-gw deploy@db-1");
  await toggle(page, 2).focus();
  await page.keyboard.press("Alt+ArrowUp");
  expect(await names(page)).toEqual(["b@db-gw", "a@bastion"]);
  await page.getByRole("status").getByText("db-gw is now hop 1 of 2", { exact: true }).waitFor();
  expect(await page.evaluate("document.activeElement.textContent")).toContain("db-gw");
  await page.keyboard.press("Alt+ArrowUp");
  expect(await names(page)).toEqual(["b@db-gw", "a@bastion"]);
  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("status").getByText("db-gw is now hop 2 of 2", { exact: true }).waitFor();
  expect(await names(page)).toEqual(["a@bastion", "b@db-gw"]);
});

test("a hop is dragged to another place by its handle, and its button moves it as well", async () => {
  const page = await openForm("ssh -J a@one,b@two,c@three deploy@db-1");
  await toggle(page, 1).click();
  const grip = await page.locator(".hop-grip").nth(2).boundingBox();
  const first = await hop(page, 1).boundingBox();
  if (grip === null || first === null) throw new Error("The hops are not drawn");
  await page.mouse.move(grip.x + 10, grip.y + 20);
  await page.mouse.down();
  await page.mouse.move(grip.x + 10, first.y + 2, { steps: 12 });
  await page.mouse.up();
  expect(await names(page)).toEqual(["c@three", "a@one", "b@two"]);
  await page.mouse.move(grip.x + 10, grip.y + 60);
  expect(await names(page)).toEqual(["c@three", "a@one", "b@two"]);
  await toggle(page, 3).click();
  await page.getByRole("button", { name: "Move two up" }).click();
  expect(await names(page)).toEqual(["c@three", "b@two", "a@one"]);
});

test("at 8 hops no more can be added until one is removed", async () => {
  const page = await openForm(
    `ssh -J ${[1, 2, 3, 4, 5, 6, 7].map((number) => `j@gw-${number}`).join(",")} deploy@db-1`,
  );
  const add = page.getByRole("button", { name: "Add hop" });
  await add.click();
  await expect.poll(() => focused(page)).toBe("jump_hosts.7.hostname");
  await page.getByText("8 of 8. This is the longest path the gateway takes.").waitFor();
  expect(await add.count()).toBe(0);
  await page.getByRole("button", { name: "Remove Hop 8" }).click();
  await add.waitFor();
  expect(await focused(page)).toBe("jump_hosts");
  await page.getByText("The gateway passes through these in order.").waitFor();
  expect(await page.getByRole("img", { name: /^Path: / }).getAttribute("aria-label")).toMatch(/gw-7, Target/);
});

test("what is missing and what the gateway refuses is told at the hop's own field, whose card opens", async () => {
  const page = await openForm("ssh -J a@one,two deploy@db-1");
  await start(page);
  await hop(page, 2).getByText("Type who signs in there.").waitFor();
  expect(await focused(page)).toBe("jump_hosts.1.username");
  await hop(page, 2).getByLabel("User").fill("b");
  await hop(page, 2).getByLabel("Host key").fill("not a key");
  await toggle(page, 1).click();
  await page.getByRole("button", { name: "Done with path" }).click();
  await start(page);
  await hop(page, 2).getByText("Not a public host key such as ssh-ed25519 AAAA….").waitFor();
  await expect.poll(() => focused(page)).toBe("jump_hosts.1.host_key");
});

test("what makes the session host dial past the hops is refused at its field", async () => {
  const page = await openForm("ssh -J a@one deploy@db-1");
  await page.getByRole("radio", { name: /RDP/ }).check();
  await page.getByRole("button", { name: "Change connection" }).click();
  await page.getByLabel("Sign-in by").selectOption("Kerberos");
  await page.getByRole("button", { name: "Done with connection" }).click();
  await start(page);
  await page.getByText("Does not go together with hops.").waitFor();
  await expect.poll(() => focused(page)).toBe("options.auth_pkg");
});
