import type { Check } from "./check.ts";
import { stateMark } from "./state-mark.ts";

/** A check for people. */
export const checkLines = ({ name, state, message, fix }: Check): string =>
  [`${stateMark(state)}  ${name}: ${message}`, ...fix.map((line) => `        ${line}`)].join("\n");
