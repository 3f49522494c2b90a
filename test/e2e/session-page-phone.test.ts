import type { BrowserContextOptions, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hears, type LivePage, startLivePage } from "../support/live-page.ts";
import { pendingSession } from "../support/session-scenarios.ts";

// The page on a phone: its head, its keys, and what fingers mean.

let live: LivePage;
beforeAll(async () => {
  live = await startLivePage();
});
afterEach(() => live.closePages());
afterAll(() => live?.close());

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const headPx = 48;
const rowsPx = 108;
const openPhone = async (session_type = "ssh"): Promise<Page> => {
  live.scenario.session = { ...pendingSession, session_type };
  const page = await live.open({ context: phone });
  await page.getByRole("button", { name: "Esc" }).waitFor();
  await page.waitForFunction("performance.getEntriesByType('resource').some(({ name }) => /fingers/.test(name))");
  return page;
};
const pressed = (...keysyms: number[]) =>
  keysyms.flatMap((keysym) => [
    [String(keysym), "1"],
    [String(keysym), "0"],
  ]);

interface Finger {
  readonly x: number;
  readonly y: number;
}
const fingersOf = async (page: Page) => {
  const session: CDPSession = await page.context().newCDPSession(page);
  const send = (type: "touchStart" | "touchMove" | "touchEnd", ...touches: Finger[]) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: touches.map((touch, id) => ({ ...touch, id, radiusX: 4, radiusY: 5, force: 0.5 })),
    });
  return {
    down: (...at: Finger[]) => send("touchStart", ...at),
    move: (...at: Finger[]) => send("touchMove", ...at),
    up: () => send("touchEnd"),
  };
};
const masks = () => live.sent("mouse").map(([, , mask]) => mask);

test("the tools are a head that stays, the rest of them in its menu, and the picture has what is left", async () => {
  const page = await openPhone();
  expect(live.gateway().connectData.get("GUAC_HEIGHT")).toBe(String(844 - headPx - rowsPx));
  await page.getByRole("button", { name: "Clipboard" }).tap();
  await page.getByPlaceholder("Type or paste here").waitFor();
  await page.getByRole("button", { name: "Close Clipboard" }).tap();
  await page.getByRole("button", { name: "More" }).tap();
  for (const name of ["Keys", "Reconnect", "End"]) await page.getByRole("button", { name, exact: true }).waitFor();
  await page.getByRole("button", { name: "Keys", exact: true }).tap();
  await page.getByRole("button", { name: "Ctrl Alt Del" }).tap();
  await hears(() => expect(live.sent("key")).toHaveLength(6));
});

describe("the rows of keys", () => {
  test("type what on-screen keyboards lack, and leave the focus where it is", async () => {
    const page = await openPhone();
    await page.touchscreen.tap(200, 400);
    for (const name of ["Esc", "Tab", "Left", "|"]) await page.getByRole("button", { name, exact: true }).tap();
    await hears(() => expect(live.sent("key")).toEqual(pressed(0xff1b, 0xff09, 0xff51, 0x7c)));
    expect(await page.evaluate("document.activeElement.className")).toBe("sp-sink");
  });

  test("hold Ctrl for one key of the system's keyboard", async () => {
    const page = await openPhone();
    const ctrl = page.getByRole("button", { name: "Ctrl", exact: true });
    await ctrl.tap();
    expect(await ctrl.getAttribute("aria-pressed")).toBe("true");
    const session = await page.context().newCDPSession(page);
    await session.send("Input.insertText", { text: "c" });
    await session.send("Input.insertText", { text: "d" });
    await hears(() => expect(live.sent("key")).toHaveLength(6));
    expect(live.sent("key").slice(0, 4)).toEqual([["65507", "1"], ...pressed(0x63), ["65507", "0"]]);
    expect(await ctrl.getAttribute("aria-pressed")).toBe("false");
  });

  test("lock Ctrl on a long press until it is pressed again", async () => {
    const page = await openPhone();
    const ctrl = page.getByRole("button", { name: "Ctrl", exact: true });
    const { x, y } = (await ctrl.boundingBox()) ?? { x: 0, y: 0 };
    const fingers = await fingersOf(page);
    await fingers.down({ x: x + 10, y: y + 10 });
    await expect.poll(() => ctrl.getAttribute("data-sticky")).toBe("held");
    await fingers.up();
    await page.getByRole("button", { name: "Tab" }).tap();
    await page.getByRole("button", { name: "Tab" }).tap();
    await hears(() => expect(live.sent("key")).toEqual([["65507", "1"], ...pressed(0xff09, 0xff09)]));
    await ctrl.tap();
    await hears(() => expect(live.sent("key").at(-1)).toEqual(["65507", "0"]));
  });

  test("hold the function keys behind one of them", async () => {
    const page = await openPhone();
    await page.getByRole("button", { name: "Function keys" }).tap();
    await page.getByRole("button", { name: "F5", exact: true }).tap();
    await page.getByRole("button", { name: "Back", exact: true }).tap();
    await page.getByRole("button", { name: "~", exact: true }).tap();
    await hears(() => expect(live.sent("key")).toEqual(pressed(0xffc2, 0x7e)));
  });

  test("paste the device's text", async () => {
    const page = await openPhone();
    await page.evaluate("navigator.clipboard.writeText('grüße')");
    await page.getByRole("button", { name: "Paste" }).tap();
    await hears(() => expect(live.sent("key").map(([keysym]) => keysym)).toContain("118"));
    const text = live.sent("blob").map(([, base64 = ""]) => Buffer.from(base64, "base64").toString());
    expect(text.at(-1)).toBe("grüße");
  });

  test("stand above the system's keyboard, for which a terminal gets smaller and a desktop does not", async () => {
    for (const session_type of ["ssh", "vnc"]) {
      const page = await openPhone(session_type);
      await page.evaluate(`
        Object.defineProperty(visualViewport, "height", { get: () => innerHeight - 300 });
        visualViewport.dispatchEvent(new Event("resize"));
      `);
      const row = page.getByRole("button", { name: "Paste" });
      await expect.poll(async () => ((await row.boundingBox())?.y ?? 844) < 544).toBe(true);
      if (session_type === "ssh")
        await hears(() => expect(live.sent("size")).toEqual([["390", String(844 - 300 - 156)]]));
      else await expect.poll(async () => (await page.locator(".sp-picture").boundingBox())?.height).toBeLessThan(400);
    }
    expect(live.sent("size")).toEqual([]);
  });
});

describe("a finger on a terminal or, in touch mode, on a desktop", () => {
  test("taps where it means, and on a terminal brings the keyboard", async () => {
    const page = await openPhone();
    await page.touchscreen.tap(100, 148);
    await hears(() =>
      expect(live.sent("mouse")).toEqual([
        ["100", "100", "0"],
        ["100", "100", "1"],
        ["100", "100", "0"],
      ]),
    );
    expect(await page.evaluate("document.activeElement.className")).toBe("sp-sink");
  });

  test("presses the right button when it stays, and drags when it moves", async () => {
    const page = await openPhone("rdp");
    const fingers = await fingersOf(page);
    await fingers.down({ x: 100, y: 148 });
    await hears(() => expect(masks()).toEqual(["0", "4", "0"]));
    await fingers.up();
    await fingers.down({ x: 100, y: 148 });
    await fingers.move({ x: 140, y: 188 });
    await fingers.move({ x: 180, y: 228 });
    await fingers.up();
    await hears(() => expect(live.sent("mouse").at(-1)).toEqual(["180", "180", "0"]));
    expect(live.sent("mouse").slice(3, 5)).toEqual([
      ["100", "100", "0"],
      ["100", "100", "1"],
    ]);
  });
});

test("on a trackpad a finger moves the pointer from where it is, and a tap clicks there", async () => {
  const page = await openPhone("rdp");
  await page.getByRole("button", { name: "More" }).tap();
  await page.getByRole("button", { name: "Trackpad" }).tap();
  await page.getByText("Drag to move the pointer, tap to click.").waitFor();
  await page.touchscreen.tap(300, 600);
  const before = live.sent("mouse").length;
  const fingers = await fingersOf(page);
  await fingers.down({ x: 300, y: 600 });
  await fingers.move({ x: 320, y: 610 });
  await fingers.move({ x: 340, y: 620 });
  await fingers.up();
  await hears(() => expect(live.sent("mouse").length).toBeGreaterThan(before));
  const [x = 0, y = 0] = (live.sent("mouse").at(-1) ?? []).map(Number);
  expect(x).toBeGreaterThan(y);
  expect(x).toBeLessThan(200);
  await page.touchscreen.tap(50, 700);
  await hears(() =>
    expect(live.sent("mouse").slice(-2)).toEqual([
      [String(x), String(y), "1"],
      [String(x), String(y), "0"],
    ]),
  );
});

describe("two fingers", () => {
  test("scroll what is under them", async () => {
    const page = await openPhone("rdp");
    const fingers = await fingersOf(page);
    await fingers.down({ x: 100, y: 300 }, { x: 160, y: 300 });
    await fingers.move({ x: 100, y: 380 }, { x: 160, y: 380 });
    await fingers.up();
    await hears(() => expect(masks()).toContain("8"));
    await fingers.down({ x: 100, y: 380 }, { x: 160, y: 380 });
    await fingers.move({ x: 100, y: 300 }, { x: 160, y: 300 });
    await fingers.up();
    await hears(() => expect(masks()).toContain("16"));
    expect(masks()).not.toContain("1");
  });

  test("pinch the picture larger, move it, pinch it back, and press nothing", async () => {
    const page = await openPhone("rdp");
    const width = async () => (await page.locator(".sp-picture").boundingBox())?.width;
    const fingers = await fingersOf(page);
    await fingers.down({ x: 180, y: 300 }, { x: 220, y: 300 });
    await fingers.move({ x: 140, y: 300 }, { x: 260, y: 300 });
    await fingers.move({ x: 140, y: 300 }, { x: 260, y: 300 });
    await fingers.up();
    await expect.poll(width).toBeGreaterThan(1000);
    const left = async () => (await page.locator(".sp-picture").boundingBox())?.x ?? 0;
    const before = await left();
    await fingers.down({ x: 180, y: 300 }, { x: 220, y: 300 });
    await fingers.move({ x: 160, y: 300 }, { x: 200, y: 300 });
    await fingers.move({ x: 120, y: 300 }, { x: 160, y: 300 });
    await fingers.up();
    await expect.poll(left).toBe(before - 60);
    await fingers.down({ x: 100, y: 300 }, { x: 300, y: 300 });
    await fingers.move({ x: 190, y: 300 }, { x: 210, y: 300 });
    await fingers.up();
    await expect.poll(width).toBe(390);
    expect(masks().filter((mask) => mask !== "0")).toEqual([]);
    expect(live.sent("size")).toEqual([]);
  });
});

describe("a target that takes fingers as they are", () => {
  test("gets each of them, as many as it takes, and their leaving", async () => {
    const page = await openPhone("rdp");
    live.gateway().send("set", 0, "multi-touch", 2);
    live.gateway().notice({ kind: "watching", name: "ops", mode: "view", joined: true, count: 1 });
    await page.getByText("ops is watching").waitFor();
    const fingers = await fingersOf(page);
    await fingers.down({ x: 100, y: 148 }, { x: 200, y: 248 }, { x: 300, y: 348 });
    await fingers.move({ x: 110, y: 148 }, { x: 200, y: 248 }, { x: 300, y: 348 });
    await fingers.up();
    await hears(() => expect(live.sent("touch").filter(([, , , , , , force]) => force === "0")).toHaveLength(2));
    expect(live.sent("touch")).toContainEqual(["0", "110", "100", "4", "5", "0", "0.5"]);
    expect(live.sent("touch")).toContainEqual(["1", "200", "200", "4", "5", "0", "0.5"]);
    expect(new Set(live.sent("touch").map(([id]) => id))).toEqual(new Set(["0", "1"]));
    expect(live.sent("mouse")).toEqual([]);
  });
});
