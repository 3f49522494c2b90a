import { describe, expect, test } from "vitest";
import { systemPrincipal } from "../../../src/core/principal.ts";
import { protocols } from "../../../src/protocols/index.ts";
import { listProtocols } from "../../../src/resources/protocols/list-protocols.ts";
import type { ProtocolView } from "../../../src/resources/protocols/schema.ts";
import { afterTarget } from "../../../src/web/portal/new-session/after-target.ts";
import { formFieldsOf } from "../../../src/web/portal/new-session/form-fields.ts";
import {
  faultsOf,
  noValues,
  requestOf,
  signInWaysOf,
  withProtocol,
} from "../../../src/web/portal/new-session/new-session-values.ts";
import { parseTarget } from "../../../src/web/portal/new-session/parse-target.ts";
import { sectionsOf, signInNames } from "../../../src/web/portal/new-session/sections.ts";

// The form is drawn from what the gateway really serves.
const views = listProtocols(systemPrincipal("test"));
const view = (id: string): ProtocolView => {
  const found = views.find((one) => one.id === id);
  if (!found) throw new Error(`no protocol ${id}`);
  return found;
};
const ssh = formFieldsOf(view("ssh"), false);
const rdp = formFieldsOf(view("rdp"), false);

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
  expect(requestOf(filled, ssh)).toEqual({ ...target, password: "pw" });
  expect(requestOf({ ...filled, signInWith: "private_key" }, ssh)).toEqual({
    ...target,
    private_key: "KEY",
    passphrase: "pp",
  });
  expect(requestOf({ ...filled, signInWith: "key_pair" }, ssh)).toEqual({ ...target, generate_keypair: true });
  expect(requestOf({ ...filled, signInWith: "ask" }, ssh)).toEqual(target);
});

test("options go out under the API's names and types, and only those that were changed", () => {
  const options = {
    font_size: "14",
    scrollback: "",
    color_scheme: "green-black",
    disable_paste: true,
    disable_copy: false,
  };
  const request = requestOf({ ...filled, options }, ssh);
  expect(request).toMatchObject({ font_size: 14, color_scheme: "green-black", disable_paste: true });
  for (const name of ["scrollback", "disable_copy", "command"]) expect(request).not.toHaveProperty(name);
  expect(requestOf({ ...filled, options: { color_depth: "16" } }, rdp)).toMatchObject({ color_depth: 16 });
});

test("options of another protocol stay at home", () => {
  const options = { font_size: "14", domain: "CORP" };
  expect(requestOf({ ...filled, session_type: "rdp", options }, rdp)).not.toHaveProperty("font_size");
  expect(requestOf({ ...filled, session_type: "rdp", options }, rdp)).toHaveProperty("domain", "CORP");
});

test("what is missing or out of range is told at its field before the gateway is asked", () => {
  const values = { ...noValues, port: "70000", options: { font_size: "2", scrollback: "many" } };
  expect(faultsOf(values, ssh)).toMatchObject({
    hostname: expect.anything(),
    port: "1 to 65535.",
    "options.font_size": "4 to 96.",
    "options.scrollback": "1 to 20000.",
  });
  expect(faultsOf({ ...filled, signInWith: "private_key", private_key: " " }, ssh)).toHaveProperty("private_key");
  expect(faultsOf(filled, ssh)).toEqual({});
});

test("another protocol brings its own port and ways to sign in, and keeps what was typed", () => {
  const values = withProtocol({ ...filled, signInWith: "key_pair" }, view("ssh"), view("rdp"));
  expect(values).toMatchObject({ session_type: "rdp", port: "3389", hostname: " db-1 ", signInWith: "password" });
  expect(withProtocol({ ...filled, port: "2222" }, view("ssh"), view("vnc")).port).toBe("2222");
  expect(signInWaysOf(view("ssh"))).toEqual(["password", "private_key", "key_pair", "ask"]);
  expect(signInWaysOf(view("vnc"))).toEqual(["password", "ask"]);
});

describe.each(views)("the form of $id", (protocol) => {
  test("draws each of its fields once, and none of another protocol", () => {
    const fields = formFieldsOf(protocol, true);
    const drawn = sectionsOf(protocol.id, fields).flatMap((section) => section.fields.map(({ name }) => name));
    const beside = fields.map(({ name }) => name).filter((name) => signInNames.includes(name));
    const own = Object.keys(protocols.get(protocol.id)?.settingsSchema.properties ?? {});
    const secrets = protocol.credential_fields.filter((name) => name.startsWith("gateway_"));
    expect([...drawn, ...beside].toSorted()).toEqual([...own, ...secrets].toSorted());
  });

  test("has a place for every field, and fields for admins for them alone", () => {
    expect(sectionsOf(protocol.id, formFieldsOf(protocol, true)).map(({ title }) => title)).not.toContain("More");
    const names = formFieldsOf(protocol, false).map(({ name }) => name);
    expect(names.filter((name) => protocol.admin_fields.includes(name))).toEqual([]);
  });
});

test.each([
  ["rdp://CORP%5Canna@win-1:3390", { session_type: "rdp", hostname: "win-1", port: "3390", username: "CORP\\anna" }],
  ["vnc://plant-7", { session_type: "vnc", hostname: "plant-7", port: "5900" }],
  ["ssh deploy@db-1 uptime", { session_type: "ssh", username: "deploy", options: { command: "uptime" } }],
  ["deploy@db-1:2222", { session_type: "ssh", hostname: "db-1", port: "2222", username: "deploy" }],
])("%s fills the form", (text, values) => {
  const target = parseTarget(text);
  if (target === null) throw new Error("not read");
  expect(afterTarget(noValues, target, views)).toMatchObject(values);
});
