import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { typeKeys } from "../support/type-keys.ts";

// Text between the browser's clipboard and a real terminal's, both ways, and the policy for each way.

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

const deviceClipboard = (page: Page): Promise<string> => page.evaluate("navigator.clipboard.readText()");
const fillDeviceClipboard = (page: Page, text: string) =>
  page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);

/** A terminal that shows one line, ready to be selected, and keeps what is typed. */
const showing = (line: string) => `printf '%s\\n' '${line}'; touch shown; exec tee after`;

/** Drags over the first line, which makes the terminal copy it. */
const selectFirstLine = async (page: Page) => {
  await world.fileHolds("shown", "");
  await page.mouse.move(4, 11);
  await page.mouse.down();
  await page.mouse.move(300, 11, { steps: 4 });
  await page.mouse.move(700, 11, { steps: 4 });
  await page.mouse.up();
};

test("text selected with the mouse in the terminal is on the device's clipboard", async () => {
  const { page, watch } = await world.run({ command: showing("copied täxt € 日本") });
  await selectFirstLine(page);
  await vi.waitFor(async () => expect((await deviceClipboard(page)).trim()).toBe("copied täxt € 日本"));
  expect(watch.received("clipboard")).not.toEqual([]);
});

const pasted = "first line\n\tsecond „line“ with ä € 日本 😀\nlast";

test("Ctrl+Shift+V pastes the device's text into the shell, with all its lines and characters", async () => {
  const { page } = await world.run({ command: "cat > pasted.txt" });
  await fillDeviceClipboard(page, pasted);
  await page.keyboard.press("Control+Shift+V");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+d");
  await world.fileHolds("pasted.txt", `${pasted}\n`);
});

test("a long text is pasted whole", async () => {
  const lines = Array.from({ length: 2_000 }, (_, line) => `${line} ${"ä€😀 lorem ipsum".repeat(3)}`);
  const long = lines.join("\n");
  const { page, id } = await world.run({ command: "cat > long.txt" });
  await fillDeviceClipboard(page, long);
  await page.keyboard.press("Control+Shift+V");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+d");
  expect((await world.ended(id)).end_reason).toBe("target_closed");
  await world.fileHolds("long.txt", `${long}\n`);
});

test("the clipboard panel sends a text to the target and types it as keys", async () => {
  const { page } = await world.run({ command: "cat > panel.txt" });
  await page.getByRole("button", { name: "Clipboard" }).click();
  const field = page.getByPlaceholder("Type or paste here");
  await field.fill("über 😀 ");
  await page.getByRole("button", { name: "Type it as keys" }).click();
  await field.fill("gesendet");
  await page.getByRole("button", { name: "Send" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+V");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+d");
  await world.fileHolds("panel.txt", "über 😀 gesendet\n");
});

test("with copying switched off no text leaves the terminal, on the wire neither", async () => {
  const { page, watch } = await world.run({ command: showing("secret"), disable_copy: true });
  await fillDeviceClipboard(page, "mine");
  await selectFirstLine(page);
  const pictures = watch.received("sync").length;
  await typeKeys(page, "after the selection\n");
  await world.fileHolds("after", "after the selection\n");
  await vi.waitFor(() => expect(watch.received("sync").length).toBeGreaterThan(pictures));
  expect(watch.received("clipboard")).toEqual([]);
  expect(await deviceClipboard(page)).toBe("mine");
});

test("with pasting switched off no text reaches the shell, and the page says so", async () => {
  const { page, watch } = await world.run({ command: "cat > unpasted.txt", disable_paste: true });
  await fillDeviceClipboard(page, "smuggled");
  await typeKeys(page, "typed");
  await page.keyboard.press("Control+Shift+V");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Clipboard" }).click();
  await page.getByPlaceholder("Type or paste here").fill("sent");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Pasting into this target is switched off.").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+V");
  await page.keyboard.press("Control+d");
  await page.keyboard.press("Control+d");
  await world.fileHolds("unpasted.txt", "typed\n");
  const answers = watch.received("ack").map(([, , status]) => status);
  expect(watch.sent("clipboard").length).toBeGreaterThan(0);
  expect(answers).toEqual(watch.sent("clipboard").map(() => "771"));
});
