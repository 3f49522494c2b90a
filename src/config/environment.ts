import type { ConfigFault } from "./config-error.ts";
import { type ConfigKey, configKeys } from "./keys.ts";
import { nearest } from "./nearest.ts";
import { readText } from "./read-text.ts";

/** Names the configuration file; the one SALLYPORT_ variable that is not a key. */
export const fileVariable = "SALLYPORT_CONFIG";

interface Override {
  readonly key: ConfigKey;
  /** The variable that gave it, with `_FILE` where a file did. */
  readonly variable: string;
  readonly value: unknown;
}

/** What the environment sets, and what is wrong with its SALLYPORT_ names. `_FILE` variables are read here. */
export const readEnvironment = (env: NodeJS.ProcessEnv): { overrides: Override[]; faults: ConfigFault[] } => {
  const overrides: Override[] = [];
  const faults: ConfigFault[] = [];
  const known = new Set([fileVariable, ...configKeys.flatMap(({ variable }) => [variable, `${variable}_FILE`])]);
  for (const variable of Object.keys(env).filter((name) => name.startsWith("SALLYPORT_") && !known.has(name)))
    faults.push({
      key: null,
      where: variable,
      why: `unknown name; the nearest known one is ${nearest(variable, known)}`,
    });
  for (const key of configKeys) {
    const value = env[key.variable];
    const fileName = env[`${key.variable}_FILE`];
    if (value !== undefined && fileName !== undefined)
      faults.push({ key: key.path, where: key.variable, why: `set together with ${key.variable}_FILE; keep one` });
    else if (value !== undefined) overrides.push({ key, variable: key.variable, value: parsedAs(key, value) });
    else if (fileName !== undefined)
      try {
        const text = readText(fileName).replace(/\r?\n$/, "");
        overrides.push({ key, variable: `${key.variable}_FILE`, value: parsedAs(key, text) });
      } catch (error) {
        const why = `${fileName} ${error instanceof Error ? error.message : error}`;
        faults.push({ key: key.path, where: `${key.variable}_FILE`, why });
      }
  }
  return { overrides, faults };
};

/** Text as its key's type; what does not fit stays text, so that the schema says what is expected. */
const parsedAs = (key: ConfigKey, text: string): unknown => {
  if (key.type === "integer") return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (key.type !== "array") return text;
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
};
