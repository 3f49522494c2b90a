import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hears, type LivePage, startLivePage } from "../support/live-page.ts";
import { pendingSession } from "../support/session-scenarios.ts";

// The tools of the bar that open something: keys, zoom, and sound, which needs none.

let live: LivePage;
beforeAll(async () => {
  live = await startLivePage();
});
afterEach(() => live.closePages());
afterAll(() => live?.close());

const openRunning = async (): Promise<Page> => {
  const page = await live.open({ context: { viewport: { width: 1200, height: 700 } } });
  await page.getByRole("button", { name: "End" }).waitFor();
  return page;
};
const pressed = (...keysyms: number[]) => [
  ...keysyms.map((keysym) => [String(keysym), "1"]),
  ...keysyms.toReversed().map((keysym) => [String(keysym), "0"]),
];
const keys = { ctrl: 65507, alt: 65513, delete: 65535, win: 65515 };

describe("the keys panel", () => {
  test("presses Ctrl Alt Del together and lets go of all three", async () => {
    const page = await openRunning();
    await page.getByRole("button", { name: "Keys" }).click();
    await page.getByRole("button", { name: "Ctrl Alt Del" }).click();
    await hears(() => expect(live.sent("key")).toEqual(pressed(keys.ctrl, keys.alt, keys.delete)));
    await page.getByRole("button", { name: "Win", exact: true }).last().click();
    await hears(() => expect(live.sent("key").slice(-2)).toEqual(pressed(keys.win)));
  });

  test("leaves the keys of a mouse user with the target, and holds Alt for them", async () => {
    const page = await openRunning();
    await page.getByRole("button", { name: "Keys" }).click();
    const alt = page.getByRole("button", { name: "Alt", exact: true });
    await alt.click();
    expect(await alt.getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.type("xy");
    await hears(() => expect(live.sent("key")).toHaveLength(5));
    expect(live.sent("key")[0]).toEqual([String(keys.alt), "1"]);
    expect(live.sent("key").slice(1).flat()).not.toContain(String(keys.alt));
    await alt.click();
    await hears(() => expect(live.sent("key").at(-1)).toEqual([String(keys.alt), "0"]));
  });

  test.each(["closing it", "leaving the window"])("lets go of what it holds on %s", async (what) => {
    const page = await openRunning();
    await page.getByRole("button", { name: "Keys" }).click();
    await page.getByRole("button", { name: "Ctrl", exact: true }).click();
    await hears(() => expect(live.sent("key")).toEqual([[String(keys.ctrl), "1"]]));
    if (what === "closing it") await page.getByRole("button", { name: "Keys" }).click();
    else await page.evaluate("window.dispatchEvent(new Event('blur'))");
    await hears(() => expect(live.sent("key")).toEqual(pressed(keys.ctrl)));
  });

  test("works by keyboard, and Esc closes it without reaching the target", async () => {
    const page = await openRunning();
    await page.keyboard.press("Control+Alt+Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const ctrl = page.getByRole("button", { name: "Ctrl", exact: true });
    await ctrl.waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Ctrl");
    const before = live.sent("key").length;
    await page.keyboard.press("Escape");
    await ctrl.waitFor({ state: "detached" });
    await page.keyboard.press("x");
    await hears(() => expect(live.sent("key").slice(before)).toEqual(pressed(120)));
  });
});

describe("zoom", () => {
  const zoomTo = async (page: Page, label: string) => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: label, exact: true }).click();
  };
  const shown = (page: Page) => page.locator(".sp-picture").boundingBox();

  test("shows the picture larger in steps of 25 without asking the target for another size, and fits it again", async () => {
    const page = await openRunning();
    await zoomTo(page, "Larger");
    await page.getByText("125 %").waitFor();
    expect((await shown(page))?.width).toBe(1500);
    await page.getByRole("button", { name: "Larger" }).click();
    await page.getByText("150 %").waitFor();
    await page.getByRole("button", { name: "100 %", exact: true }).click();
    expect((await shown(page))?.width).toBe(1200);
    await page.getByRole("button", { name: "Smaller" }).click();
    expect(await shown(page)).toMatchObject({ x: 150, width: 900 });
    await page.getByRole("button", { name: "Fit" }).click();
    expect((await shown(page))?.width).toBe(1200);
    expect(live.sent("size")).toEqual([]);
  });

  test("of a larger picture reaches every part of it with the pointer, exactly", async () => {
    const page = await openRunning();
    await zoomTo(page, "Larger");
    await page.keyboard.press("Escape");
    await page.mouse.move(1199, 699);
    await hears(() => expect(live.sent("mouse").at(-1)?.slice(0, 2)).toEqual(["1199", "699"]));
    await page.mouse.move(0, 350);
    await hears(() => expect(live.sent("mouse").at(-1)?.[0]).toBe("0"));
    await page.mouse.move(600, 400);
    await page.mouse.down();
    await hears(() => expect(live.sent("mouse").at(-1)).toEqual(["600", "400", "1"]));
    await page.mouse.up();
  });
});

test("a press beside the menu closes it, and the keys are the target's again", async () => {
  const page = await openRunning();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Fit" }).waitFor();
  await page.mouse.click(300, 500);
  await page.getByRole("button", { name: "Fit" }).waitFor({ state: "detached" });
  await page.keyboard.press("x");
  await hears(() => expect(live.sent("key")).toEqual(pressed(120)));
});

test("an option that turns out to have no effect is warned of at once", async () => {
  const page = await openRunning();
  live.gateway().notice({ kind: "warning", text: "color_scheme is not known to this session host" });
  await page.getByRole("button", { name: "1 option has no effect here" }).click();
  await page.getByText("color_scheme is not known to this session host").waitFor();
});

describe("sound", () => {
  test.each(["rdp", "vnc"])("of %s is offered as what this browser plays", async (session_type) => {
    live.scenario.session = { ...pendingSession, session_type };
    await openRunning();
    expect(live.gateway().connectData.getAll("GUAC_AUDIO")).toEqual(expect.arrayContaining(["audio/L8", "audio/L16"]));
  });

  test("of a terminal is not asked for", async () => {
    await openRunning();
    expect(live.gateway().connectData.getAll("GUAC_AUDIO")).toEqual([]);
  });

  test("is taken and plays after the first press on the page", async () => {
    live.scenario.session = { ...pendingSession, session_type: "rdp" };
    const page = await live.open({
      init: "globalThis.contexts = []; globalThis.AudioContext = class extends AudioContext { constructor() { super(); contexts.push(this); } };",
    });
    await page.getByRole("button", { name: "End" }).waitFor();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    live.gateway().send("audio", 7, "audio/L16;rate=44100,channels=2");
    for (let packet = 0; packet < 4; packet += 1)
      live.gateway().send("blob", 7, Buffer.alloc(4_000, 1).toString("base64"));
    live.gateway().send("sync", 999_999);
    await hears(() => expect(live.sent("ack")).toContainEqual(["7", "OK", "0"]));
    await page.mouse.click(400, 300);
    await expect.poll(() => page.evaluate("contexts.map((context) => context.state)")).toEqual(["running"]);
    await hears(() => expect(live.sent("sync")).toContainEqual(["999999"]));
    expect(errors).toEqual([]);
  });
});
