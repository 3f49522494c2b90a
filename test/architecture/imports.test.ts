import { readdirSync } from "node:fs";
import { cruise, type IModule } from "dependency-cruiser";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { beforeAll, expect, test } from "vitest";
import { homes, options, rules } from "./rules.ts";

let modules: IModule[] = [];
let broken: string[] = [];

beforeAll(async () => {
  const found = await cruise(
    ["src", "migrations"],
    { ruleSet: { forbidden: rules }, validate: true, ...options },
    undefined,
    { tsConfig: extractTsConfig("tsconfig.json") },
  );
  if (typeof found.output === "string") throw new Error(`dependency-cruiser answered with text: ${found.output}`);
  modules = found.output.modules;
  broken = found.output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}, 60_000);

test("no import breaks a rule of the layer table", () => {
  expect(broken).toEqual([]);
});

test("the checker read every source file", () => {
  // With a TypeScript that it cannot use, dependency-cruiser reads nothing and finds nothing wrong.
  const onDisk = ["src", "migrations"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  const read = new Set(modules.map((module) => module.source));
  expect(onDisk.filter((path) => /\.tsx?$/.test(path) && !read.has(path))).toEqual([]);
});

test("every package with a home is imported from it", () => {
  const imported = modules.flatMap((module) => module.dependencies.map((dependency) => dependency.resolved));
  const unused = Object.keys(homes).filter(
    (name) => !imported.some((path) => new RegExp(`(^|/)node_modules/(@types/)?${name}/`).test(path)),
  );
  expect(unused, "a misspelled or unused package guards nothing").toEqual([]);
});
