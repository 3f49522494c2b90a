import { styleText } from "node:util";
import type { Check } from "./check.ts";

/** How a check came out, four characters wide, in colour where the screen has it. */
export const stateMark = (state: Check["state"]): string => marks[state]();

const toScreen = { stream: process.stdout };
const marks: Readonly<Record<Check["state"], () => string>> = {
  ok: () => styleText("green", "ok  ", toScreen),
  warn: () => styleText("yellow", "warn", toScreen),
  fail: () => styleText("red", "FAIL", toScreen),
};
