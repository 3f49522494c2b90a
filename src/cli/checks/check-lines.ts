import { styleText } from "node:util";
import type { Check } from "./check.ts";

/** A check for people. */
export const checkLines = ({ name, state, message, fix }: Check): string =>
  [`${marks[state]()}  ${name}: ${message}`, ...fix.map((line) => `        ${line}`)].join("\n");

const toScreen = { stream: process.stdout };
const marks: Readonly<Record<Check["state"], () => string>> = {
  ok: () => styleText("green", "ok  ", toScreen),
  warn: () => styleText("yellow", "warn", toScreen),
  fail: () => styleText("red", "FAIL", toScreen),
};
