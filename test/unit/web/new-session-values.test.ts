import { expect, test } from "vitest";
import { faultsOf, noValues, requestOf } from "../../../src/web/portal/new-session-values.ts";

const filled = {
  ...noValues,
  hostname: " db-1 ",
  username: "deploy",
  password: "pw",
  private_key: "KEY",
  passphrase: "pp",
};

test("only the chosen way of signing in leaves the browser", () => {
  const target = { session_type: "ssh", hostname: "db-1", port: 22, username: "deploy" };
  expect(requestOf(filled)).toEqual({ ...target, password: "pw" });
  expect(requestOf({ ...filled, signInWith: "private_key" })).toEqual({
    ...target,
    private_key: "KEY",
    passphrase: "pp",
  });
  expect(requestOf({ ...filled, signInWith: "key_pair" })).toEqual({ ...target, generate_keypair: true });
});

test("options go out under the API's names, and only those that were changed", () => {
  const request = requestOf({
    ...filled,
    font_size: "14",
    scrollback: "5000",
    color_scheme: "green-black",
    mayPaste: false,
  });
  expect(request).toMatchObject({ font_size: 14, scrollback: 5000, color_scheme: "green-black", disable_paste: true });
  expect(request).not.toHaveProperty("disable_copy");
  expect(request).not.toHaveProperty("command");
});

test("what is missing or no number is told at its field before the gateway is asked", () => {
  expect(Object.keys(faultsOf({ ...noValues, port: "70000", font_size: "big" }))).toEqual([
    "hostname",
    "port",
    "username",
    "font_size",
  ]);
  expect(faultsOf({ ...filled, signInWith: "private_key", private_key: " " })).toHaveProperty("private_key");
  expect(faultsOf(filled)).toEqual({});
});
