import { readFileSync } from "node:fs";
import { z } from "zod";

/** What the last stage of a Dockerfile says about how its container runs. */
export interface ImageSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  /** ENTRYPOINT and CMD together. */
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

const words = z.array(z.string());

export const readDockerfile = (path: string): ImageSettings => {
  const lines = readFileSync(path, "utf8").split(/(?<!\\)\n/);
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
  const values = (instruction: string): string[] =>
    stage.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1).trim());
  const last = (instruction: string): string => {
    const value = values(instruction).at(-1);
    if (value === undefined) throw new Error(`${path} has no ${instruction} in its last stage`);
    return value;
  };
  return {
    environment: Object.fromEntries(values("ENV").map((line) => line.split("=", 2))),
    user: last("USER"),
    command: [last("ENTRYPOINT"), last("CMD")].flatMap((value) => words.parse(JSON.parse(value))),
    healthcheck: words.parse(JSON.parse(last("HEALTHCHECK").replace(/^.*?CMD /s, ""))),
  };
};
