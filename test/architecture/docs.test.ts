import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { policy } from "../../src/access/policy.ts";
import { errorTitles } from "../../src/core/errors.ts";
import { faults } from "../../src/core/faults.ts";
import { endReasons } from "../../src/core/session-end.ts";
import { causes } from "../../src/doctor/causes.ts";
import { webSocketCodeOf } from "../../src/guacd/status.ts";
import { errorStatuses } from "../../src/http/problem.ts";
import type { Route } from "../../src/http/route.ts";
import { protocols } from "../../src/protocols/index.ts";
import { createSessionSchema } from "../../src/resources/sessions/schema.ts";
import { endStatus } from "../../src/sessions/end-status.ts";
import { upOpcodes } from "../../src/tunnel/up-opcodes.ts";
import { homes, rules } from "./rules.ts";

// The pages for readers say what the source says. What they explain is prose; what they list is held here.

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Cells of the table rows whose first cells match, marks of code taken off. */
const rows = (page: string, heading: string): string[][] => {
  const lines = read(page).split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  return lines.slice(start + 2, start + length).map((line) =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.replace(/^`(.*)`$/, "$1")),
  );
};

test("docs/errors.md lists every error code with its status and title, and no other", () => {
  const codes = Object.entries(errorStatuses).map(([code, status]) => [code, String(status)]);
  const listed = rows("docs/errors.md", "code | status | title");
  expect(listed.map(([code, status]) => [code, status])).toEqual(codes);
  expect(listed.map(([code, , title]) => [code, title])).toEqual(Object.entries(errorTitles));
});

describe("docs/api.md", () => {
  test("lists every route with the least role that may call it, and no other", async () => {
    const declared = (await allRoutes()).map(({ method, path, meta }) =>
      [method.toUpperCase(), path, meta.permission === "open" ? "open" : policy[meta.permission]].join(" "),
    );
    const listed = rows("docs/api.md", "verb | path").map((cells) => cells.slice(0, 3).join(" "));
    expect(listed.toSorted()).toEqual(declared.toSorted());
  });

  test("lists every end reason with its status and WebSocket code, and no other", () => {
    const expected = endReasons.map((reason) => {
      const { status, webSocketCode = webSocketCodeOf(status) } = endStatus({ reason, detail: null });
      return [reason, String(status), String(webSocketCode)];
    });
    expect(rows("docs/api.md", "end reason").map((cells) => cells.slice(0, 3))).toEqual(expected);
  });

  test("lists every field of a create request, and no other", () => {
    const all = [...protocols.values()].flatMap(({ settingsSchema, credentialFields }) => [
      ...Object.keys(settingsSchema.properties ?? {}),
      ...credentialFields,
    ]);
    const fields = new Set([...Object.keys(createSessionSchema.shape), ...all]);
    const listed = rows("docs/api.md", "field | rule").map(([field]) => field);
    expect(listed.toSorted()).toEqual([...fields].sort());
  });

  test("lists every opcode that a browser may send and what becomes of it, and no other", () => {
    const rules = Object.entries(upOpcodes).map(([opcode, { arity, owner }]) => [opcode, String(arity), owner]);
    const listed = rows("docs/api.md", "opcode").map(([opcode, arity, fate = ""]) => [
      opcode,
      arity,
      fate.split(":")[0],
    ]);
    expect(listed).toEqual(rules);
  });
});

test("docs/doctor.md lists every cause with its meaning and what to do, and no other", () => {
  const expected = faults.map((fault) => [fault, causes[fault].meaning, causes[fault].fix.join(" ")]);
  expect(rows("docs/doctor.md", "cause | what it means | what to do")).toEqual(expected);
});

describe("docs/architecture.md", () => {
  test("has the layer table that the import rules hold", () => {
    const held = rules.filter(({ name }) => name?.startsWith("layer-")).map(({ comment }) => comment);
    const listed = rows("docs/architecture.md", "folder | may import");
    expect(listed.map(([folder, below]) => `${folder} may import ${below}`)).toEqual(held);
  });

  test("names every package that has a home", () => {
    expect(rows("docs/architecture.md", "package").map(([name]) => name)).toEqual(Object.keys(homes));
  });

  test("has a line for every folder of src", () => {
    const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const listed = rows("docs/architecture.md", "folder | what it is").map(([path]) => path);
    expect(listed).toEqual(expect.arrayContaining(folders.map(({ name }) => `src/${name}/`)));
  });
});

test("every benchmark has a script, and a section on docs/performance.md that says how to run it", () => {
  const names = readdirSync(join(root, "test/bench")).flatMap((file) => /^(?!all)(.*)\.ts$/.exec(file)?.[1] ?? []);
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);
  const page = read("docs/performance.md");
  const sections = [...page.matchAll(/<!-- bench:(\w+) -->/g)].map(([, name]) => name);
  expect(sections.toSorted()).toEqual(names.toSorted());
  expect(scripts).toEqual(expect.arrayContaining(names.map((name) => `bench:${name}`)));
  expect(names.filter((name) => !page.includes(`\`npm run bench:${name}\``))).toEqual([]);
});

describe("every page", () => {
  const pages = filesIn(".").filter((path) => path.endsWith(".md"));

  test("has links that lead somewhere", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test("is reached from the README", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached)
      for (const link of linksOf(page)) {
        const [path = ""] = link.split("#");
        if (path.endsWith(".md")) reached.add(join(dirname(page), path));
      }
    const own = pages.filter((page) => !page.startsWith("test/"));
    expect(own.filter((page) => !reached.has(page))).toEqual([]);
  });

  test("names source files that exist", () => {
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:src|test|scripts|migrations|config|bin|docker|packaging)\/[\w./-]+)`/g)].map(
        ([, path = ""]) => `${page}: ${path}`,
      ),
    );
    expect(named.filter((line) => !existsSync(join(root, line.split(": ")[1] ?? "")))).toEqual([]);
  });
});

test("no file knows a place outside the repository", () => {
  // Written in pieces, so that this file does not find itself.
  const strange = new RegExp(
    ["/wo" + "rk/", "\\.\\./sha" + "red", "(?<![\\w/])sha" + "red/(design|contract|reference|seeds)"].join("|"),
  );
  const found = filesIn(".").filter(
    (path) => /\.(md|ts|tsx|mjs|sh|css|toml|json)$/.test(path) && strange.test(read(path)),
  );
  expect(found).toEqual([]);
});

/** Every route that a resource declares, wherever it is mounted. */
const allRoutes = async (): Promise<Route[]> => {
  const schemas = filesIn("src/resources").filter((path) => path.endsWith("/schema.ts"));
  const modules: object[] = await Promise.all(schemas.map((path) => import(join(root, path))));
  return modules.flatMap((module) => Object.values(module)).filter(isRoute);
};

const isRoute = (value: unknown): value is Route =>
  typeof value === "object" && value !== null && "meta" in value && "path" in value && "method" in value;

const linksOf = (page: string): string[] =>
  [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));

const leadsSomewhere = (page: string, link: string): boolean => {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || headingsOf(target).includes(anchor);
};

/** The anchors that a page's headings get on the usual hosts. */
const headingsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return /^(\.git|\.toolchain|\.cache|node_modules|data|assets|screenshots)$/.test(entry.name) ? [] : filesIn(path);
  });
}
