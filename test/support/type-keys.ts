import type { CDPSession, Page } from "playwright-core";

/**
 * Types a text, each key's release right behind its press. Playwright's own `keyboard.type` awaits the browser in between:
 * on a busy machine that takes longer than 500 ms now and then, and the page repeats a key that is held for so long.
 */
export const typeKeys = async (page: Page, text: string): Promise<void> => {
  const devTools = await page.context().newCDPSession(page);
  try {
    await Promise.all(Array.from(text, (character) => strike(devTools, character)));
  } finally {
    await devTools.detach();
  }
};

const strike = async (devTools: CDPSession, character: string): Promise<void> => {
  const key = named[character] ?? { key: character, text: character };
  // What no key of this keyboard types comes from an input method.
  if (!/^[\t\n -~]$/.test(character)) await devTools.send("Input.insertText", { text: character });
  else
    await Promise.all([
      devTools.send("Input.dispatchKeyEvent", { type: "keyDown", ...key }),
      devTools.send("Input.dispatchKeyEvent", { type: "keyUp", ...key }),
    ]);
};

const named: Readonly<Record<string, { key: string; text: string; code: string; windowsVirtualKeyCode: number }>> = {
  "\n": { key: "Enter", text: "\r", code: "Enter", windowsVirtualKeyCode: 13 },
  "\t": { key: "Tab", text: "", code: "Tab", windowsVirtualKeyCode: 9 },
};
