import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { openBrowser } from "../support/browser.ts";
import {
  type FakeGateway,
  type FakeSessionServer,
  type Scenario,
  startFakeSessionServer,
} from "../support/fake-session-server.ts";
import { endedScenario, pendingSession, runSession, sessionScenarios } from "../support/session-scenarios.ts";

// The page alone, against a scripted gateway: what it sends, and what it shows for what it hears.

const keys = { shift: "65505", ctrl: "65507", v: "86", backspace: "65288" };
let browser: Browser;
let server: FakeSessionServer;
let gateway: FakeGateway;
const live: Scenario = {};

beforeAll(async () => {
  browser = await openBrowser();
  server = await startFakeSessionServer({ ...sessionScenarios, live });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

const openLive = async (options: BrowserContextOptions = {}): Promise<Page> => {
  live.session = pendingSession;
  live.onSocket = (peer) => {
    gateway = peer;
    runSession(peer);
  };
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  await page.goto(`${server.origin}/client/live`);
  await page.getByRole("button", { name: "End" }).waitFor();
  return page;
};

const sent = (opcode: string): string[][] =>
  gateway.received.filter(([name]) => name === opcode).map((all) => all.slice(1));
const hears = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 20 });

/** The keysyms that are down on the target after these key instructions. */
const heldAfter = (instructions: readonly string[][]): string[] => {
  const down = new Set<string>();
  for (const [keysym = "", state] of instructions) {
    if (state === "1") down.add(keysym);
    else down.delete(keysym);
  }
  return [...down];
};

describe("keys", () => {
  test("reach the target as keysyms in order, accents and emoji included", async () => {
    const page = await openLive();
    await page.keyboard.type("aé😀");
    await page.keyboard.press("Backspace");
    const expected = ["97", "233", String(0x01000000 | 0x1f600), keys.backspace];
    await hears(() =>
      expect(sent("key")).toEqual(
        expected.flatMap((keysym) => [
          [keysym, "1"],
          [keysym, "0"],
        ]),
      ),
    );
  });

  test("of a dead key or an input method reach it once, composed", async () => {
    const page = await openLive();
    const session = await page.context().newCDPSession(page);
    await session.send("Input.imeSetComposition", { text: "´", selectionStart: 1, selectionEnd: 1 });
    await session.send("Input.imeSetComposition", { text: "é", selectionStart: 1, selectionEnd: 1 });
    await session.send("Input.insertText", { text: "é" });
    await page.keyboard.press("x");
    await hears(() => expect(sent("key").map(([keysym]) => keysym)).toEqual(["233", "233", "120", "120"]));
  });

  test("typed with AltGr reach it as their character alone, though the system says Ctrl and Alt", async () => {
    const page = await openLive();
    const session = await page.context().newCDPSession(page);
    await page.keyboard.down("Control");
    await page.keyboard.down("Alt");
    const at = { key: "@", code: "KeyQ", windowsVirtualKeyCode: 81, modifiers: 3 };
    await session.send("Input.dispatchKeyEvent", { type: "keyDown", text: "@", ...at });
    await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...at });
    await page.keyboard.up("Alt");
    await page.keyboard.up("Control");
    await hears(() => expect(sent("key")).toContainEqual(["64", "0"]));
    const press = sent("key").findIndex(([keysym, state]) => keysym === "64" && state === "1");
    expect(heldAfter(sent("key").slice(0, press))).toEqual([]);
    expect(heldAfter(sent("key"))).toEqual([]);
  });

  test("that are held are let go when the window loses the focus", async () => {
    const page = await openLive();
    await page.keyboard.down("Shift");
    await page.evaluate("window.dispatchEvent(new Event('blur'))");
    await hears(() =>
      expect(sent("key")).toEqual([
        [keys.shift, "1"],
        [keys.shift, "0"],
      ]),
    );
  });

  test("Ctrl+W and other shortcuts of the browser go to the target", async () => {
    const page = await openLive();
    await page.keyboard.press("Control+w");
    await hears(() => expect(sent("key").map(([keysym]) => keysym)).toEqual([keys.ctrl, "119", "119", keys.ctrl]));
    expect(page.isClosed()).toBe(false);
  });

  test("Ctrl+Alt+Shift puts the focus on the tools and Esc gives the keys back", async () => {
    const page = await openLive();
    await page.keyboard.press("Control+Alt+Shift");
    await vi.waitFor(async () => expect(await page.evaluate("document.activeElement.textContent")).toBe("Clipboard"));
    await hears(() => expect(sent("key")).toHaveLength(6));
    expect(heldAfter(sent("key"))).toEqual([]);
    const before = sent("key").length;
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Escape");
    await page.keyboard.press("x");
    await hears(() =>
      expect(sent("key").slice(before)).toEqual([
        ["120", "1"],
        ["120", "0"],
      ]),
    );
    expect(heldAfter(sent("key"))).toEqual([]);
  });
});

describe("the clipboard", () => {
  test("of this device reaches the target before the paste key does", async () => {
    const page = await openLive();
    await hears(() => expect(sent("sync").length).toBeGreaterThan(0));
    await page.evaluate("navigator.clipboard.writeText('zwölf 😀')");
    await page.keyboard.press("Control+Shift+V");
    await hears(() => expect(sent("key")).toContainEqual([keys.v, "0"]));
    const order = gateway.received.map((all) => (all[0] === "key" ? `key ${all[1]} ${all[2]}` : all[0]));
    expect(order.indexOf("clipboard")).toBeGreaterThan(-1);
    expect(order.indexOf("end")).toBeLessThan(order.indexOf(`key ${keys.v} 1`));
    const text = sent("blob").map(([, base64 = ""]) => Buffer.from(base64, "base64").toString());
    expect(text.join("")).toBe("zwölf 😀");
  });

  test("of the target reaches this device and the panel", async () => {
    const page = await openLive();
    await vi.waitFor(async () => expect(await page.evaluate("navigator.clipboard.readText()")).toContain("äöü 😀"));
    await page.getByRole("button", { name: "Clipboard" }).click();
    await expect.poll(() => page.getByLabel("Text from the target").textContent()).toContain("äöü 😀");
  });

  test("a refused paste says that it is switched off", async () => {
    const page = await openLive();
    gateway.onInstruction = ([opcode, index = ""]) => {
      if (opcode === "clipboard") gateway.send("ack", index, "Clipboard disabled", 771);
    };
    await page.getByRole("button", { name: "Clipboard" }).click();
    await page.getByPlaceholder("Type or paste here").fill("secret");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Pasting into this target is switched off.").waitFor();
  });
});

describe("the screen", () => {
  test("is asked for in device pixels and follows the window", async () => {
    const page = await openLive({ viewport: { width: 1200, height: 700 }, deviceScaleFactor: 2 });
    expect(Object.fromEntries(gateway.connectData)).toMatchObject({
      GUAC_WIDTH: "2400",
      GUAC_HEIGHT: "1400",
      GUAC_DPI: "192",
    });
    await page.setViewportSize({ width: 900, height: 600 });
    await hears(() => expect(sent("size").at(-1)).toEqual(["1800", "1200"]));
  });

  test("draws pictures that come as streams", async () => {
    const page = await openLive({ viewport: { width: 1200, height: 700 } });
    const pixel = "[...document.querySelector('.sp-picture canvas').getContext('2d').getImageData(10, 676, 1, 1).data]";
    await expect.poll(() => page.evaluate(pixel)).toEqual([189, 100, 70, 255]);
  });

  test("takes the pointer in its own pixels", async () => {
    const page = await openLive({ viewport: { width: 1200, height: 700 }, deviceScaleFactor: 2 });
    await page.mouse.click(300, 400);
    await hears(() =>
      expect(sent("mouse")).toEqual([
        ["600", "800", "0"],
        ["600", "800", "1"],
        ["600", "800", "0"],
      ]),
    );
  });

  test("tools hide by themselves, come back at the top edge, and never during a drag", async () => {
    const page = await openLive();
    const isOpen = () => page.locator(".sp-bar-edge").getAttribute("data-open");
    await page.mouse.move(600, 400);
    await expect.poll(isOpen, { timeout: 10_000 }).toBe("false");
    await page.mouse.down();
    await page.mouse.move(600, 0);
    expect(await isOpen()).toBe("false");
    await page.mouse.up();
    await page.mouse.move(601, 0);
    await expect.poll(isOpen).toBe("true");
  });
});

describe("the end", () => {
  test("End tells the gateway and shows that you ended it", async () => {
    const page = await openLive();
    Object.assign(live, endedScenario("closed", null));
    await page.getByRole("button", { name: "End" }).click();
    await page.getByRole("heading", { name: "You ended the session" }).waitFor();
    expect(sent("disconnect")).toEqual([[]]);
    expect(await page.title()).toBe("× deploy@10.20.9.61 · Sallyport");
  });

  test("that the gateway tells is shown with its reason, and the page sends no disconnect of its own", async () => {
    const page = await openLive();
    Object.assign(live, endedScenario("guacd_failed", null));
    gateway.notice({ kind: "ended", end_reason: "guacd_failed", end_detail: null });
    gateway.send("error", "The session host stopped.", 514);
    gateway.close(514);
    await page.getByRole("heading", { name: "The session host stopped" }).waitFor();
    expect(sent("disconnect")).toEqual([]);
  });

  test("that nobody told is looked up", async () => {
    const page = await openLive();
    Object.assign(live, endedScenario("target_closed", "exit status 0"));
    gateway.close(523);
    await page.getByRole("heading", { name: "You signed out" }).waitFor();
  });

  test("a reload asks first and sends no disconnect", async () => {
    const page = await openLive();
    const first = gateway;
    await page.keyboard.press("a");
    const asked: string[] = [];
    page.on("dialog", async (dialog) => {
      asked.push(dialog.type());
      await dialog.accept();
    });
    await page.reload();
    await page.getByRole("button", { name: "End" }).waitFor();
    expect(asked).toEqual(["beforeunload"]);
    expect(first.received.filter(([opcode]) => opcode === "disconnect")).toEqual([]);
  });

  test("a session of somebody else, which the tunnel refuses, says why", async () => {
    live.session = pendingSession;
    Object.assign(live, {
      onSocket: undefined,
      problem: { status: 403, code: "forbidden", detail: "It belongs to ops." },
    });
    const page = await browser.newPage();
    await page.goto(`${server.origin}/client/live`);
    await page.getByText("It belongs to ops.").waitFor();
    live.problem = undefined;
  });

  test("people who are not signed in are sent to sign in and back", async () => {
    Object.assign(live, { session: undefined, problem: { status: 401, code: "unauthenticated", detail: "Sign in." } });
    const page = await browser.newPage();
    await page.goto(`${server.origin}/client/live`);
    await page.waitForURL(`${server.origin}/?next=%2Fclient%2Flive`);
    live.problem = undefined;
  });
});

test("a banner keeps the gateway undisturbed until Continue, which ignores an Enter meant for the page before", async () => {
  live.session = { ...pendingSession, banner: "<b>Careful</b>" };
  let isOpened = false;
  live.onSocket = () => {
    isOpened = true;
  };
  const page = await browser.newPage();
  await page.goto(`${server.origin}/client/live`);
  await page.getByText("<b>Careful</b>").waitFor();
  await page.evaluate("document.activeElement.click()");
  expect(isOpened).toBe(false);
  await expect
    .poll(async () => {
      await page.keyboard.press("Enter");
      return isOpened;
    })
    .toBe(true);
});
