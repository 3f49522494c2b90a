import { expect, test, vi } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { protocols } from "../../../src/protocols/index.ts";
import { ssh } from "../../../src/protocols/ssh/index.ts";
import { generateKeyPair } from "../../../src/ssh/generate-key-pair.ts";
import { fieldsRefused } from "../../support/fields-refused.ts";
import { prepareWith } from "../../support/prepare.ts";

const relay = { host: "127.0.0.1", port: 40_000, username: "once", password: new Secret("one-time") };

test("the registry holds ssh", () => {
  expect(protocols.get("ssh")).toBe(ssh);
  expect(protocols.get("telnet")).toBeUndefined();
});

test("without settings guacd learns only the relay and a terminal type that programs know", () => {
  expect(ssh.plan(relay, {})).toEqual({
    protocol: "ssh",
    args: {
      hostname: "127.0.0.1",
      port: "40000",
      username: "once",
      password: "one-time",
      "terminal-type": "xterm-256color",
    },
  });
});

test("every terminal setting reaches guacd under its own name; the command and the host key stay here", () => {
  const settings = {
    command: "uptime",
    host_key: generateKeyPair().publicLine,
    color_scheme: "green-black",
    font_name: "monospace",
    font_size: 14,
    scrollback: 5000,
    terminal_type: "vt100",
    backspace: 8,
    locale: "de_DE.UTF-8",
    timezone: "Europe/Berlin",
    disable_copy: true,
    disable_paste: false,
  };
  expect(ssh.plan(relay, settings).args).toEqual({
    hostname: "127.0.0.1",
    port: "40000",
    username: "once",
    password: "one-time",
    "color-scheme": "green-black",
    "font-name": "monospace",
    "font-size": "14",
    scrollback: "5000",
    "terminal-type": "vt100",
    backspace: "8",
    locale: "de_DE.UTF-8",
    timezone: "Europe/Berlin",
    "disable-copy": "true",
    "disable-paste": "false",
  });
});

test.each([
  ["font_size", 3],
  ["font_size", 12.5],
  ["font_size", "12"],
  ["scrollback", 1_000_000],
  ["backspace", 256],
  ["terminal_type", "xterm; rm"],
  ["locale", "de DE"],
  ["timezone", "Mars/Olympus"],
  ["timezone", "+01:00"],
  ["color_scheme", "pink"],
  ["color_scheme", "evil: rgb:00/00/00"],
  ["host_key", "AAAA"],
  ["host_key", "@revoked h ssh-ed25519 AAAA"],
  ["command", "a\u0000b"],
  ["disable_copy", "true"],
  ["recording_path", "/etc"],
])("%s %j is refused by its name", (name, value) => {
  expect(fieldsRefused(ssh, { [name]: value })).toEqual([name]);
});

test("null and the empty text mean absent", () => {
  expect(ssh.parseSettings({ command: "", font_size: null, disable_paste: null })).toEqual({
    terminal_type: "xterm-256color",
  });
});

test("the form's schema gives each setting a title", () => {
  const properties = Object.entries(ssh.settingsSchema.properties ?? {});
  expect(properties).toHaveLength(12);
  for (const [, schema] of properties) expect(schema).toHaveProperty("title");
});

test("preparing hands credentials, host key and command to the relay, and gives guacd what the relay says", async () => {
  const openSshRelay = vi.fn(async () => relay);
  const prepared = await ssh.prepare?.(
    prepareWith({
      target: { host: "10.0.0.1", port: 22 },
      username: "root",
      settings: { command: "uptime" },
      secrets: { password: "the target's" },
      openSshRelay,
    }),
  );
  expect(prepared).toBe(relay);
  expect(openSshRelay).toHaveBeenCalledWith({
    target: { host: "10.0.0.1", port: 22 },
    credentials: { username: "root", password: new Secret("the target's"), privateKey: null, passphrase: null },
    hostKey: null,
    command: "uptime",
    environment: {},
  });
});
