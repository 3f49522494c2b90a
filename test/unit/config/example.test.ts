import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { configKeys } from "../../../src/config/keys.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { changesAtRunTime } from "../../../src/config/settings.ts";

const exampleFile = new URL("../../../config/sallyport.example.toml", import.meta.url).pathname;
const example = readFileSync(exampleFile, "utf8");
const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");

const leaves = (node: unknown, path: string[] = []): [string, unknown][] =>
  typeof node !== "object" || node === null || Array.isArray(node)
    ? [[path.join("."), node]]
    : Object.entries(node).flatMap(([name, child]) => leaves(child, [...path, name]));

test("the example file names every key with its default, and no other", () => {
  expect(leaves(parse(example))).toEqual(configKeys.map(({ path, fallback }) => [path, fallback]));
});

test("the example file loads and changes nothing", () => {
  expect(loadConfig({ file: exampleFile, env: {} }).config).toEqual(loadConfig({ env: {} }).config);
});

test("the comment above each key of the example is the key's meaning", () => {
  const comments: string[] = [];
  let comment: string[] = [];
  for (const line of example.split("\n")) {
    if (line.startsWith("#")) comment.push(line.slice(2));
    if (line.includes("=") && !line.startsWith("#")) comments.push(comment.join(" "));
    if (!line.startsWith("#")) comment = [];
  }
  expect(comments).toEqual(configKeys.map(({ meaning }) => meaning));
});

test("the documentation has one row for every key, with its default, its meaning and whether SIGHUP applies it", () => {
  const rows = page.split("\n").filter((line) => /^\| `[a-z_]+\.[a-z_.]+` \|.*\| (yes|no) \|$/.test(line));
  const written = (value: unknown): string => {
    if (Array.isArray(value)) return value.length === 0 ? "`[]`" : `\`${value.join(",")}\``;
    return value === "" ? "empty" : `\`${value}\``;
  };
  expect(rows).toEqual(
    configKeys.map(
      ({ path, fallback, meaning }) =>
        `| \`${path}\` | ${written(fallback)} | ${meaning} | ${changesAtRunTime(path) ? "yes" : "no"} |`,
    ),
  );
});
