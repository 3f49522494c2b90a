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
  leftOut: null,
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

const hop = (hostname: string, username: string | null = null, port: number | null = null) => ({
  hostname,
  port,
  username,
});

test.each([
  ["ssh -J a,user@b:2200 deploy@db-1", [hop("a"), hop("b", "user", 2200)]],
  ["ssh -Ja deploy@db-1", [hop("a")]],
  [
    "ssh deploy@db-1 -J [2001:db8::7]:2200,jump@[2001:db8::8]",
    [hop("2001:db8::7", null, 2200), hop("2001:db8::8", "jump")],
  ],
  ["ssh -J ssh://jump@b:2200,c deploy@db-1", [hop("b", "jump", 2200), hop("c")]],
  ["ssh -o ProxyJump=a,b deploy@db-1", [hop("a"), hop("b")]],
  ["ssh -oproxyjump=a deploy@db-1", [hop("a")]],
  ["ssh -o 'ProxyJump jump@a, b' deploy@db-1", [hop("a", "jump"), hop("b")]],
  ["ssh -J first -o ProxyJump=second deploy@db-1", [hop("first")]],
  ['ssh -o ProxyCommand="ssh -W %h:%p -p 2200 jump@a" deploy@db-1', [hop("a", "jump", 2200)]],
  ["ssh -o 'ProxyCommand=ssh -J a jump@b -W [%h]:%p' deploy@db-1", [hop("a"), hop("b", "jump")]],
  ["ssh -J none deploy@db-1", []],
])("%s fills the hops", (text, hops) => {
  expect(parseTarget(text)).toMatchObject({ hostname: "db-1", username: "deploy", hops, leftOut: null });
});

test.each([
  ["ssh -o ProxyCommand='nc -x proxy:1080 %h %p' deploy@db-1", "nc -x proxy:1080 %h %p"],
  ["ssh -J %r@gate deploy@db-1", "%r@gate"],
  ["ssh -J 1,2,3,4,5,6,7,8,9 deploy@db-1", "1,2,3,4,5,6,7,8,9"],
  ["ssh -J a,,b deploy@db-1", "a,,b"],
  ["ssh -J rdp://a deploy@db-1", "rdp://a"],
  ["ssh -o 'ProxyCommand=ssh -W %h:%p %n' deploy@db-1", "ssh -W %h:%p %n"],
])("%s: a way that the form has no place for is told and not guessed", (text, leftOut) => {
  expect(parseTarget(text)).toMatchObject({ leftOut, hops: [] });
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
