import { describe, expect, test } from "vitest";
import { looksLikeHost } from "../../../src/web/portal/looks-like-host.ts";
import { findEntries } from "../../../src/web/portal/palette/find-entries.ts";
import type { PaletteEntry } from "../../../src/web/portal/palette/palette-entry.ts";

const entry = (title: string, group: PaletteEntry["group"], note = ""): PaletteEntry => ({
  id: title,
  group,
  title,
  note,
  mark: group === "Running sessions" ? { protocol: "rdp" } : { icon: "plus" },
  act: () => undefined,
});
const entries = [
  entry("About", "Go to"),
  entry("New session", "Do"),
  entry("anna@win-1", "Running sessions", "Yours, 12 min"),
];
const find = (query: string) => findEntries(entries, query).map(({ title }) => title);

describe("the palette", () => {
  test("shows sessions, then commands, then places", () => {
    expect(find("")).toEqual(["anna@win-1", "New session", "About"]);
  });
  test("finds by every word, in titles, notes and protocols", () => {
    expect(find("yours win")).toEqual(["anna@win-1"]);
    expect(find("RDP")).toEqual(["anna@win-1"]);
    expect(find("session nothing")).toEqual([]);
  });
  test("shows commands only behind >", () => {
    expect(find(">")).toEqual(["New session", "About"]);
    expect(find("> new")).toEqual(["New session"]);
  });
  test("shows at most eight", () => {
    const many = Array.from({ length: 20 }, (_, index) => entry(`host ${index}`, "Do"));
    expect(findEntries(many, "host")).toHaveLength(8);
  });
});

test.each(["10.20.9.61", "db-1", "db.example", "deploy@db", "db:22", "2001:db8::1", "ssh db", "rdp://win"])(
  "%s may be a host",
  (text) => expect(looksLikeHost(text)).toBe(true),
);
test.each(["", "new", "two words", "about", "a/b", "-"])("%j is none", (text) => {
  expect(looksLikeHost(text)).toBe(false);
});
