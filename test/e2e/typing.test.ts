import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { typeKeys } from "../support/type-keys.ts";

// Keys from a real browser through guacd to a real shell; what arrived is read from files that the shell wrote.

let world: SessionWorld;
beforeAll(async () => {
  world = await startSessionWorld();
});
afterEach(() => world.closePages());
afterAll(() => world?.close());

test("text typed right after the first picture makes a file with exactly that text, emoji included", async () => {
  const { page } = await world.run();
  await typeKeys(page, "echo hällo wörld € 日本 😀 > typed.txt\n");
  await world.fileHolds("typed.txt", "hällo wörld € 日本 😀\n");
});

test("text that an input method inserts arrives once and whole", async () => {
  const { page } = await world.run();
  await typeKeys(page, "cat > composed.txt\n");
  await page.keyboard.insertText("ß ñ €");
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
  await devTools.send("Input.insertText", { text: "日本 👩‍🚀" });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+d");
  await world.fileHolds("composed.txt", "ß ñ €日本 👩‍🚀\n");
});

test("a dead key and its letter arrive as one character", async () => {
  const { page } = await world.run();
  const devTools = await page.context().newCDPSession(page);
  await typeKeys(page, "echo ");
  await devTools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Dead", code: "BracketLeft" });
  await devTools.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Dead", code: "BracketLeft" });
  await devTools.send("Input.dispatchKeyEvent", { type: "keyDown", key: "ê", code: "KeyE", text: "ê" });
  await devTools.send("Input.dispatchKeyEvent", { type: "keyUp", key: "ê", code: "KeyE" });
  await typeKeys(page, " > dead.txt\n");
  await world.fileHolds("dead.txt", "ê\n");
});

describe("AltGr text arrives as text", () => {
  const alt = 1;
  const ctrl = 2;
  test.each([
    ["where AltGr is a key of its own", [["AltGraph", "AltRight", 0]], 0],
    [
      "where a Ctrl that nobody pressed comes before it and counts until the character",
      [
        ["Control", "ControlLeft", ctrl],
        ["AltGraph", "AltRight", ctrl | alt],
      ],
      0,
    ],
    [
      "where a Ctrl that nobody pressed comes before it and never counts",
      [
        ["Control", "ControlLeft", 0],
        ["AltGraph", "AltRight", 0],
      ],
      0,
    ],
    [
      "where it is told as Ctrl and Alt",
      [
        ["Control", "ControlLeft", ctrl],
        ["Alt", "AltRight", ctrl | alt],
      ],
      ctrl | alt,
    ],
  ] as const)("%s", async (_where, held, modifiers) => {
    const { page } = await world.run();
    const devTools = await page.context().newCDPSession(page);
    await typeKeys(page, "echo a");
    for (const [key, code, counted] of held) {
      await devTools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key, code, modifiers: counted });
    }
    for (const [key, code] of [
      ["@", "KeyQ"],
      ["€", "KeyE"],
    ]) {
      const stroke = { key: key ?? "", code: code ?? "", modifiers };
      await devTools.send("Input.dispatchKeyEvent", { type: "keyDown", text: key ?? "", ...stroke });
      await devTools.send("Input.dispatchKeyEvent", { type: "keyUp", ...stroke });
    }
    for (const [key, code] of held.toReversed()) {
      await devTools.send("Input.dispatchKeyEvent", { type: "keyUp", key, code });
    }
    await typeKeys(page, "b > altgr.txt\n");
    await world.fileHolds("altgr.txt", "a@€b\n");
  });

  test("and with a Ctrl that is held for real, the control character", async () => {
    const { page } = await world.run();
    const devTools = await page.context().newCDPSession(page);
    await typeKeys(page, "trap 'echo quit > quit.txt' QUIT; echo up > up.txt; sleep 600\n");
    await world.fileHolds("up.txt", "up\n");
    await devTools.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Control",
      code: "ControlLeft",
      modifiers: ctrl,
    });
    await devTools.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "AltGraph",
      code: "AltRight",
      modifiers: ctrl,
    });
    await devTools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "\\", code: "Minus", modifiers: ctrl });
    await world.fileHolds("quit.txt", "quit\n");
  });
});

test("Ctrl+C interrupts, Ctrl+W, arrows and Tab edit the line", async () => {
  const { page } = await world.run();
  // A shell that is interrupted before it runs the line would throw away what is typed next.
  await typeKeys(page, "echo up > asleep.txt; sleep 600; echo slept > interrupted.txt\n");
  await world.fileHolds("asleep.txt", "up\n");
  await page.keyboard.press("Control+c");
  await typeKeys(page, "echo one two");
  await page.keyboard.press("Control+w");
  await typeKeys(page, "three > edited.txt\n");
  await world.fileHolds("edited.txt", "one three\n");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  await typeKeys(page, "ex");
  await page.keyboard.press("Enter");
  await world.fileHolds("edited.text", "one three\n");
  await typeKeys(page, "cp edited.te\ttabbed\n");
  await world.fileHolds("tabbed", "one three\n");
});

test("Ctrl+C stops a flood of output at once", async () => {
  const { page, watch } = await world.run();
  await typeKeys(page, "yes 'a line that floods the screen'; date +%s > flood.txt\n");
  const pictures = watch.received("sync").length;
  await vi.waitFor(() => expect(watch.received("sync").length).toBeGreaterThan(pictures + 20), { timeout: 10_000 });
  const startMs = Date.now();
  await page.keyboard.press("Control+c");
  await typeKeys(page, "echo stopped > flood.txt\n");
  await world.fileHolds("flood.txt", "stopped\n");
  expect(Date.now() - startMs).toBeLessThan(3_000);
});

test("a modifier that is let go elsewhere does not stay pressed on the target", async () => {
  const { page, watch } = await world.run();
  const devTools = await page.context().newCDPSession(page);
  for (const [key, code, keysym] of [
    ["Shift", "ShiftLeft", "65505"],
    ["Control", "ControlLeft", "65507"],
    ["Alt", "AltLeft", "65513"],
  ]) {
    await devTools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: key ?? "", code: code ?? "" });
    await page.evaluate("window.dispatchEvent(new Event('blur'))");
    await page.evaluate("window.dispatchEvent(new Event('focus'))");
    await vi.waitFor(() => expect(watch.sent("key")).toContainEqual([keysym, "0"]));
    await typeKeys(page, `echo plain > after-${key}.txt\n`);
    await world.fileHolds(`after-${key}.txt`, "plain\n");
  }
});

describe("the terminal follows the window", () => {
  /** The shell writes its size at the start and whenever it changes. */
  const tellSize = "trap 'stty size >> sizes.txt' WINCH; stty size > sizes.txt\n";
  /** What it wrote last, once that is as expected: a window may be told on its way to its size. */
  const sizeThat = (isExpected: (size: { rows: number; columns: number }) => void) =>
    vi.waitFor(
      async () => {
        const text = await world.fileHolds("sizes.txt", /^(\d+ \d+\n)+$/);
        const [rows = 0, columns = 0] = (text.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
        isExpected({ rows, columns });
        return { rows, columns };
      },
      { timeout: 10_000, interval: 50 },
    );

  test.each([1, 2])("at a device pixel ratio of %d", async (deviceScaleFactor) => {
    const { page, watch } = await world.run({}, { viewport: { width: 1440, height: 900 }, deviceScaleFactor });
    await typeKeys(page, tellSize);
    const first = await sizeThat(({ columns }) => {
      expect(columns).toBeGreaterThan(120);
      expect(columns).toBeLessThan(200);
    });

    await page.setViewportSize({ width: 720, height: 900 });
    await sizeThat(({ rows, columns }) => {
      expect(Math.abs(columns - first.columns / 2)).toBeLessThanOrEqual(2);
      expect(rows).toBe(first.rows);
    });
    expect(watch.sent("size").at(-1)?.slice(0, 2)).toEqual([
      String(720 * deviceScaleFactor),
      String(900 * deviceScaleFactor),
    ]);

    await page.setViewportSize({ width: 1440, height: 450 });
    await sizeThat(({ rows, columns }) => {
      expect(columns).toBe(first.columns);
      expect(Math.abs(rows - first.rows / 2)).toBeLessThanOrEqual(2);
    });
  });
});
