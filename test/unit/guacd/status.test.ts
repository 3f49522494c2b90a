import { expect, test } from "vitest";
import { guacdWarning } from "../../../src/guacd/guacd-binary.ts";
import { endOfGuacdError, plainTextOf, webSocketCodeOf } from "../../../src/guacd/status.ts";

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
  const passed = reason === "target_unreachable" && !Number.isNaN(status) ? { status } : {};
  expect(endOfGuacdError(status, "")).toEqual({ reason, detail: null, ...passed });
});

test.each([
  [519, "SSL/TLS connection failed (untrusted/self-signed certificate?)", "certificate_untrusted", /ignore_cert/],
  [769, "Security negotiation failed (wrong security type?)", "target_unreachable", /another security/],
  [519, "Server refused connection (wrong security type?)", "target_unreachable", /another security/],
  [769, "Authentication failure (invalid credentials?)", "auth_failed", /user name or the password/],
  [771, "Access denied by server (account locked/disabled?)", "auth_failed", /locked, disabled/],
  [771, "Credentials expired.", "auth_failed", /expired/],
  [520, "Server refused connection.", "target_unreachable", /no further sessions/],
  [521, "Disconnected by other connection.", "target_closed", /from elsewhere/],
])("RDP's %i with the text %j ends as %s, in words for people and guacd's own", (status, text, reason, words) => {
  const end = endOfGuacdError(status, text);
  expect(end.reason).toBe(reason);
  expect(end.detail).toMatch(words);
  expect(end.detail).toContain(text);
});

test("only an unreachable target passes guacd's status on, and not when its text says another thing", () => {
  expect(endOfGuacdError(520, "Server refused connection.")).toHaveProperty("status", 520);
  for (const [status, text] of [
    [769, "Security negotiation failed (wrong security type?)"],
    [771, "Credentials expired."],
    [521, "Disconnected by other connection."],
    [12_345, "?"],
  ] as const)
    expect(endOfGuacdError(status, text)).not.toHaveProperty("status");
});

test("a text that is not known stays as it is", () => {
  expect(endOfGuacdError(519, "Bridge is up").detail).toBe("Bridge is up");
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
