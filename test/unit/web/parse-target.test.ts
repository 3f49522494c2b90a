import { expect, test } from "vitest";
import { parseTarget } from "../../../src/web/portal/new-session/parse-target.ts";

type Scheme = "ssh" | "rdp" | "vnc";
const target = (hostname: string, port: number | null, username: string | null, protocol: Scheme | null = "ssh") => ({
  protocol,
  hostname,
  port,
  username,
  command: null,
  hops: [],
});

test.each([
  ["ssh deploy@10.20.9.61 -p 2222", target("10.20.9.61", 2222, "deploy")],
  ["ssh -p2222 deploy@db-1", target("db-1", 2222, "deploy")],
  ["ssh -l deploy -i ~/.ssh/id_ed25519 -vp 2222 db-1", target("db-1", 2222, "deploy")],
  ["ssh -o Port=2022 -o User=ops -A db-1", target("db-1", 2022, "ops")],
  ["ssh db-1", target("db-1", null, null)],
  ["  deploy@db-1:2222\n", target("db-1", 2222, "deploy", null)],
  ["deploy@db-1 -p 2222", target("db-1", 2222, "deploy", null)],
  ["db-1:2222", target("db-1", 2222, null, null)],
  ["ssh://deploy@db-1:2222/", target("db-1", 2222, "deploy")],
  ["ssh a@example.com@bastion", target("bastion", null, "a@example.com")],
  ["root@[2001:db8::1]:22", target("2001:db8::1", 22, "root", null)],
  ["root@2001:db8::1", target("2001:db8::1", null, "root", null)],
  ["rdp://anna@win-1:3390", target("win-1", 3390, "anna", "rdp")],
  ["RDP://win-1/", target("win-1", null, null, "rdp")],
  ["vnc://:secret@plant-7:5901", target("plant-7", 5901, null, "vnc")],
])("%s fills the form", (text, parsed) => {
  expect(parseTarget(text)).toEqual(parsed);
});

test.each(["db-1", "2001:db8::1", "", "   ", "two words", "ssh", "ssh -p 22", "https://db-1/path", "a@b c d"])(
  "%j stays what was typed",
  (text) => {
    expect(parseTarget(text)).toBeNull();
  },
);

test.each([
  ["ssh -J a,b deploy@db-1", ["a", "b"]],
  ["ssh -Ja deploy@db-1", ["a"]],
  ["ssh -o ProxyJump=a deploy@db-1", ["a"]],
])("%s is known to name hops", (text, hops) => {
  expect(parseTarget(text)).toMatchObject({ hostname: "db-1", username: "deploy", hops });
});

test("a command behind the host is kept apart from it", () => {
  expect(parseTarget("ssh deploy@db-1 tail -f /var/log/syslog")).toMatchObject({
    hostname: "db-1",
    command: "tail -f /var/log/syslog",
  });
});

test("a port that no host has is left out", () => {
  expect(parseTarget("ssh deploy@db-1 -p 70000")).toMatchObject({ port: null });
});
