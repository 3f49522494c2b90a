import { expect, test } from "vitest";
import { expiryOf } from "../../../src/web/portal/admin/expiry-words.ts";
import { faultsOf, requestOf } from "../../../src/web/portal/admin/new-key-values.ts";

const nowMs = Date.parse("2026-06-01T12:00:00Z");
const values = { name: " backup ", addresses: "", lifetime: "never", day: "" };

test("addresses go out as a list, however they were separated, and what is empty stays at home", () => {
  expect(requestOf(values, nowMs)).toEqual({ name: "backup" });
  expect(requestOf({ ...values, addresses: "10.0.0.0/8\n192.168.7.4, ::1\n" }, nowMs)).toEqual({
    name: "backup",
    allowed_ips: ["10.0.0.0/8", "192.168.7.4", "::1"],
  });
});

test("a key ends after its days, or with the chosen day", () => {
  expect(requestOf({ ...values, lifetime: "30" }, nowMs).expires_at).toBe("2026-07-01T12:00:00.000Z");
  const day = requestOf({ ...values, lifetime: "day", day: "2026-06-03" }, nowMs).expires_at ?? "";
  expect(new Date(day).toString()).toContain("Jun 03 2026 23:59:59");
  expect(faultsOf({ ...values, lifetime: "day", day: "2026-05-01" }, nowMs)).toHaveProperty("day");
  expect(faultsOf({ ...values, name: " " }, nowMs)).toHaveProperty("name");
});

test.each([
  [null, "Never", "plain"],
  ["2026-08-14T13:00:00Z", "In 74 days", "plain"],
  ["2026-06-07T13:00:00Z", "In 6 days", "warn"],
  ["2026-06-01T13:00:00Z", "In less than a day", "warn"],
  ["2026-05-01T12:00:00Z", "Ended 1 May 2026", "bad"],
] as const)("%s reads %s", (at, text, kind) => {
  expect(expiryOf(at, nowMs)).toEqual({ text, kind });
});
