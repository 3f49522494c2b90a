import SqliteDatabase from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { databaseFailure } from "../../../src/db/database-failure.ts";

const sqlite = (code: string) => new SqliteDatabase.SqliteError("words of SQLite", code);
const postgres = (code: string) => Object.assign(new Error("words of PostgreSQL"), { code });

describe("what passes by itself or with an administrator's help is told as such, and keeps its cause for the log", () => {
  test.each([
    ["a full disk under SQLite", sqlite("SQLITE_FULL"), /disk is full/],
    ["a full disk under PostgreSQL", postgres("53100"), /disk is full/],
    ["a disk that fails", sqlite("SQLITE_IOERR_WRITE"), /at the moment/],
    ["a lock that another process holds", sqlite("SQLITE_BUSY"), /at the moment/],
    ["a disk that became read-only", sqlite("SQLITE_READONLY"), /at the moment/],
    ["a server that nobody answers for", postgres("ECONNREFUSED"), /at the moment/],
    ["a server that shuts down", postgres("57P01"), /at the moment/],
    ["a server with too many connections", postgres("53300"), /at the moment/],
  ])("%s", (_, error, words) => {
    const told = databaseFailure(error);
    expect(told).toBeInstanceOf(AppError);
    expect(told).toMatchObject({ code: "database_unavailable", detail: expect.stringMatching(words), cause: error });
    expect(JSON.stringify(told)).not.toContain("words of");
  });
});

test.each([
  ["a broken rule", sqlite("SQLITE_CONSTRAINT_UNIQUE")],
  ["wrong SQL", sqlite("SQLITE_ERROR")],
  ["a broken rule of PostgreSQL", postgres("23505")],
  ["a refusal of our own", new AppError("limit_reached", "Enough.")],
  ["anything else", new Error("words")],
])("%s stays what it is", (_, error) => {
  expect(databaseFailure(error)).toBe(error);
});
