import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress, parseNetwork } from "../../../src/roads/ip-network.ts";
import { createTargetPolicy } from "../../../src/roads/target-policy.ts";

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];
const everything = ["0.0.0.0/0", "::/0"];

const policyWith = (ssh: string[], ownListeners: { host: string; port: number }[] = []) =>
  createTargetPolicy({ allow: { ssh }, ownListeners: () => ownListeners });

const check = (ssh: string[], address: string, port = 22) =>
  policyWith(ssh).check("ssh", { host: address, port }, [address]);

describe("by default", () => {
  test.each(["10.0.0.1", "172.31.255.255", "192.168.4.4", "100.64.0.1", "fd12::7", "::ffff:10.0.0.1"])(
    "%s may be reached",
    (address) => expect(check(privateRanges, address)).toBeNull(),
  );

  test.each(["8.8.8.8", "172.32.0.0", "2001:db8::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "255.255.255.255"])(
    "%s is outside",
    (address) =>
      expect(check(privateRanges, address)).toBe(
        `The gateway may not reach ${address}. It is outside the networks allowed for SSH. An admin can allow it in \`targets.ssh.allow\`.`,
      ),
  );
});

describe("even when everything is allowed", () => {
  test.each([
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::ffff:0:127.0.0.1",
  ])("loopback as %s is refused", (address) => {
    expect(check(everything, address)).toContain("It is a loopback address");
  });

  test.each(["169.254.1.1", "fe80::1", "febf::1", "::ffff:169.254.1.1", "64:ff9b::a9fe:101"])(
    "link-local %s is refused",
    (address) => expect(check(everything, address)).toContain("It is a link-local address."),
  );

  test.each([
    "169.254.169.254",
    "100.100.100.200",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
  ])("metadata %s is refused", (address) => {
    expect(check([...everything, ...privateRanges], address)).toBe(
      `The gateway may not reach ${address}. It is a metadata address.`,
    );
  });
});

test("loopback opens to an entry within it, and to that one only", () => {
  expect(check(["127.0.0.1/32"], "127.0.0.1")).toBeNull();
  expect(check(["127.0.0.1/32"], "::ffff:127.0.0.1")).toBeNull();
  expect(check(["127.0.0.1"], "127.0.0.2")).toContain("loopback");
  expect(check(["127.0.0.1/32", "0.0.0.0/0"], "127.0.0.2")).toContain("loopback");
  expect(check(["127.0.0.0/8"], "127.0.0.2")).toBeNull();
});

test("a listed link-local network does not open the metadata address in it", () => {
  expect(check(["169.254.0.0/16"], "169.254.3.4")).toBeNull();
  expect(check(["169.254.0.0/16"], "169.254.169.254")).toContain("metadata");
  expect(check(["169.254.169.254/32"], "169.254.169.254")).toBeNull();
});

test.each(["localhost", "LOCALHOST", "localhost.", "db.localhost", "db.localhost."])(
  "the name %s is refused before it is looked up, unless loopback is listed",
  (host) => {
    expect(policyWith(everything).check("ssh", { host, port: 22 }, [])).toContain("loopback");
    expect(policyWith(["127.0.0.1/32"]).check("ssh", { host, port: 22 }, [])).toBeNull();
  },
);

test("metadata names are refused before they are looked up", () => {
  const target = { host: "metadata.google.internal", port: 80 };
  expect(policyWith(everything).check("ssh", target, [])).toBe(
    "The gateway may not reach metadata.google.internal. It is a metadata address.",
  );
});

test("one forbidden address among a name's answers refuses the name", () => {
  const refused = policyWith(privateRanges).check("ssh", { host: "db-1", port: 22 }, ["10.0.0.1", "127.0.0.1"]);
  expect(refused).toContain("The gateway may not reach db-1 (127.0.0.1).");
});

test("the gateway's own listeners are refused, unless their exact address is listed", () => {
  const own = [{ host: "10.0.0.5", port: 8443 }];
  const target = { host: "10.0.0.5", port: 8443 };
  expect(policyWith(privateRanges, own).check("ssh", target, ["10.0.0.5"])).toContain("It is the gateway itself.");
  expect(policyWith(privateRanges, own).check("ssh", { ...target, port: 22 }, ["10.0.0.5"])).toBeNull();
  expect(policyWith([...privateRanges, "10.0.0.5/32"], own).check("ssh", target, ["10.0.0.5"])).toBeNull();
});

test("a listener on every address is refused at each address of this host", () => {
  const own = [{ host: "0.0.0.0", port: 8443 }];
  const check = (port: number) =>
    policyWith(["127.0.0.0/8"], own).check("ssh", { host: "127.0.0.1", port }, ["127.0.0.1"]);
  expect(check(8443)).toContain("It is the gateway itself.");
  expect(check(22)).toBeNull();
});

test("lists are kept apart by protocol", () => {
  const policy = createTargetPolicy({ allow: { ssh: ["10.0.0.0/8"], rdp: [] }, ownListeners: () => [] });
  expect(policy.check("rdp", { host: "10.0.0.1", port: 3389 }, ["10.0.0.1"])).toContain("allowed for RDP");
  expect(policy.check("vnc", { host: "10.0.0.1", port: 5900 }, ["10.0.0.1"])).toContain("targets.vnc.allow");
});

test.each(["10.0.0.0/33", "ten", "", "10/8", "fe80::%1/64", "::/129", "1.2.3.4/08x", "10.0.0.0/8/8"])(
  "%j is no network: the policy cannot be made with it",
  (entry) => expect(() => policyWith([entry])).toThrow("targets.ssh.allow"),
);

test("an IPv6 address means the same however it is spelt", () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
      expect(parseAddress(text)).toEqual(parseAddress(canonical));
      expect(parseAddress(canonical.toUpperCase())).toEqual(parseAddress(canonical));
    }),
  );
});

test("an address lies in its own single network and in the whole of its family", () => {
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      expect(parseNetwork(text)).toEqual({ ...parseAddress(text), prefix: 32 });
      expect(check([text, "127.0.0.0/8", "0.0.0.0/8", "169.254.0.0/16", "169.254.169.254"], text)).toBeNull();
    }),
  );
});
