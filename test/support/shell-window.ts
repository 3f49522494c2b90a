import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const readyFile = ".shell-window";

/**
 * A program and its arguments: an X terminal larger than any screen, so that the pointer, and with it the keyboard, is
 * always over its shell. The font is the one that X servers bring along.
 */
export const shellWindow: readonly [string, ...string[]] = [
  "xterm",
  ...["-u8", "-fn", "fixed", "-geometry", "400x200+0+0", "-xrm", "*waitForMap: true"],
  ...["-e", "sh", "-c", `touch ${readyFile}; exec bash --noprofile --norc`],
];

/** Resolves when the window that was started in `home` is on the screen: keys that come earlier are lost. */
export const shellWindowIsThere = async (home: string): Promise<void> => {
  const deadlineMs = performance.now() + 15_000;
  while (!existsSync(join(home, readyFile))) {
    if (performance.now() > deadlineMs) throw new Error("No shell came up on the test desktop within 15 s.");
    await delay(20);
  }
};
