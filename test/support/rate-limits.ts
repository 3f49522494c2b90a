import { configKeys } from "../../src/config/keys.ts";

const variables = configKeys.filter(({ path }) => path.startsWith("rate_limit.")).map(({ variable }) => variable);

/** Tests call faster than people do, from one address and mostly with one key. */
export const noRateLimits: Readonly<Record<string, string>> = Object.fromEntries(variables.map((name) => [name, "0"]));

/** For tests of the limits, and for those that show that they hinder nobody. */
export const usualRateLimits: Readonly<Record<string, undefined>> = Object.fromEntries(
  variables.map((name) => [name, undefined]),
);
