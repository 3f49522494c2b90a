import { expect, test } from "vitest";
import { replaceSection, table } from "../../bench/parts/report.ts";

const page = "a\n<!-- bench:one -->\nold\n<!-- /bench:one -->\nb\n<!-- bench:two -->\n<!-- /bench:two -->\n";

test("a benchmark writes its own section of the page and nothing else", () => {
  expect(replaceSection(page, "one", "new\n")).toBe(page.replace("old\n", "new\n"));
  expect(replaceSection(page, "two", "2\n")).toBe(page.replace("<!-- bench:two -->\n", "<!-- bench:two -->\n2\n"));
});

test("a benchmark without a section on the page says so instead of writing somewhere", () => {
  expect(() => replaceSection(page, "three", "new\n")).toThrow("no section bench:three");
});

test("a table has a line below its heads and a row for each measurement", () => {
  expect(table(["what", "p50"], [["create", "1.00"]])).toBe("| what | p50 |\n| --- | --- |\n| create | 1.00 |");
});
