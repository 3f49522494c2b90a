import { expect, test } from "vitest";
import { createTargetPolicy } from "../../../src/roads/target-policy.ts";

const privateRanges = ["10.0.0.0/8", "fc00::/7"];
const everything = ["0.0.0.0/0", "::/0"];

const behind = (host: string, options: { allow?: string[]; names?: string[]; port?: number } = {}) =>
  createTargetPolicy({
    allow: { ssh: options.allow ?? privateRanges },
    namesBehindHops: { ssh: options.names ?? ["*"] },
    ownListeners: () => [{ host: "10.0.0.5", port: 8443 }],
  }).checkBehindHops("ssh", { host, port: options.port ?? 22 });

test.each(["db-1", "db-1.plant.example", "10.1.2.3", "fd12::7", "::ffff:10.0.0.1"])(
  "%s may be reached behind hops by default",
  (host) => expect(behind(host)).toBeNull(),
);

test.each(["8.8.8.8", "2001:db8::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])(
  "the address %s is held to the networks behind hops, too",
  (host) =>
    expect(behind(host)).toBe(
      `The gateway may not reach ${host}. It is outside the networks allowed for SSH. An admin can allow it in \`targets.ssh.allow\`.`,
    ),
);

test.each([
  "localhost",
  "LOCALHOST.",
  "db.localhost",
  "Db.LocalHost.",
  "localhost.localdomain",
  "db.localhost.localdomain.",
  "localhost4",
  "localhost4.localdomain4",
  "localhost6",
  "LOCALHOST6.localdomain6",
  "ip6-localhost",
  "ip6-loopback.",
  "_localdnsstub",
  "127.0.0.1",
  "127.255.255.254",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "64:ff9b::127.0.0.1",
  "::127.0.0.1",
  "2002:7f00:1::",
  "0:0:0:0:0:ffff:7f00:1",
  "0000:0000:0000:0000:0000:0000:0000:0001",
  "0.0.0.0",
  "::",
])("%s is the hop itself, and refused even when everything is allowed", (host) => {
  expect(behind(host, { allow: everything })).toContain("It is a loopback address, which means the hop itself.");
});

test.each([
  ...["169.254.169.254", "::ffff:a9fe:a9fe", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "100.100.100.200"],
  ...["fd00:ec2::254", "fd00:0ec2:0::254", "fd20:ce::254"],
  ...["metadata", "METADATA.", "metadata.google.internal", "Metadata.Google.Internal.", "metadata.goog"],
  ...["instance-data", "instance-data.ec2.internal.", "metadata.tencentyun.com"],
])("the metadata address %s of a hop's own network is refused", (host) =>
  expect(behind(host, { allow: everything })).toContain("It is a metadata address."),
);

test.each(["169.254.1.1", "fe80::1"])("link-local %s is refused", (host) => {
  expect(behind(host, { allow: everything })).toContain("It is a link-local address.");
});

test.each([
  "0177.0.0.1",
  "0x7f.1",
  "2130706433",
  "127.1",
  "127.0.0.1.",
  "017700000001",
  "0x7f000001",
  "0x7f.0x0.0x0.0x1",
  "127.0x1",
  "0",
  "0x0",
  "00.00.00.00",
  "127.000.000.001",
  "169.16689662",
  "0xa9fea9fe",
  "[::1]",
  "::1%lo",
  "::ffff:127.1",
  "ⓛocalhost",
  "ｌocalhost",
  "localhost..",
  "local\u0000host",
  "127。0。0。1",
  "10.1",
  "1.2.3.4.5",
  "１２７.0.0.1",
  "a b",
  "",
])("the odd spelling %j, which a hop's resolver might read as an address, is refused", (host) =>
  expect(behind(host, { allow: everything })).toContain("plain spelling"),
);

test("what is listed exactly may be reached behind hops as well", () => {
  expect(behind("localhost", { allow: ["127.0.0.1/32"] })).toBeNull();
  expect(behind("127.0.0.1", { allow: ["127.0.0.1/32"] })).toBeNull();
  expect(behind("127.0.0.2", { allow: ["127.0.0.1/32"] })).toContain("loopback");
});

test("the gateway's own listener is refused by its address behind hops", () => {
  expect(behind("10.0.0.5", { port: 8443 })).toContain("It is the gateway itself.");
  expect(behind("10.0.0.5")).toBeNull();
});

test("a name outside the patterns is refused, and told where an admin may allow it", () => {
  expect(behind("db-1.plant.example.", { names: ["*.plant.example"] })).toBeNull();
  expect(behind("db-1.office.example", { names: ["*.plant.example"] })).toBe(
    "The gateway may not reach db-1.office.example. It is outside the names allowed for SSH behind hops. An admin can allow it in `targets.ssh.allow_names_behind_hops`.",
  );
  expect(behind("db-1", { names: [] })).toContain("outside the names");
});

test("a protocol without lists reaches nothing behind hops", () => {
  const policy = createTargetPolicy({ allow: {}, ownListeners: () => [] });
  expect(policy.checkBehindHops("vnc", { host: "db-1", port: 5900 })).not.toBeNull();
  expect(policy.checkBehindHops("vnc", { host: "10.0.0.1", port: 5900 })).not.toBeNull();
});
