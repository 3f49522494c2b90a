import { expect, test } from "vitest";
import { guacdWarning } from "../../../src/guacd/guacd-binary.ts";
import { endOfGuacdStatus, plainTextOf, webSocketCodeOf } from "../../../src/guacd/status.ts";

test.each([
  [769, "auth_failed"],
  [771, "auth_failed"],
  [514, "target_unreachable"],
  [515, "target_unreachable"],
  [516, "target_unreachable"],
  [519, "target_unreachable"],
  [520, "target_unreachable"],
  [512, "target_unreachable"],
  [Number.NaN, "target_unreachable"],
  [518, "target_closed"],
  [521, "target_closed"],
  [522, "target_closed"],
  [523, "target_closed"],
])("guacd's status %i ends a session as %s", (status, reason) => {
  expect(endOfGuacdStatus(status, "")).toBe(reason);
});

test("guacd's word about a certificate says more than its status", () => {
  expect(endOfGuacdStatus(519, "SSL/TLS connection failed (untrusted/self-signed certificate?)")).toBe(
    "certificate_untrusted",
  );
});

test("statuses close the socket with the code that Guacamole gives them", () => {
  expect([0, 514, 769, 781, 523, 12345].map(webSocketCodeOf)).toEqual([1000, 1011, 1008, 1009, 1002, 1011]);
});

test("guacd's empty phrase is no text", () => {
  expect(plainTextOf("Aborted. See logs.")).toBe("");
  expect(plainTextOf("Server refused connection")).toBe("Server refused connection");
});

test("a guacd before 1.6 gets a warning with its reason", () => {
  expect(guacdWarning("1.3.0")).toContain("CVE-2024-35164");
  expect(guacdWarning("1.6.0")).toBeNull();
  expect(guacdWarning("1.10.0")).toBeNull();
  expect(guacdWarning("2.0.0")).toBeNull();
});
