import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectCreated, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
let headers: { authorization: string };
beforeAll(async () => {
  // The gateway's own allow-list, as it comes.
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_TARGETS_SSH_ALLOW: undefined,
    SALLYPORT_SESSION_MAX_PER_USER: "1000",
  });
  headers = { authorization: `Bearer ${gateway.adminKey}` };
});
afterAll(() => gateway.close());

const create = (hostname: string, port = 22) =>
  send(`${gateway.url}/api/sessions`, { method: "POST", headers, body: { hostname, port } });

describe("by default", () => {
  test.each([
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "fc00::1",
    "[fd12:3456::1]",
    "::ffff:10.0.0.1",
  ])("%s may be reached", async (host) => {
    expectCreated(await create(host));
  });

  test.each([
    [
      "loopback",
      [
        "127.0.0.1",
        "127.1.2.3",
        "::1",
        "[::1]",
        "0:0:0:0:0:0:0:1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::",
        "0.0.0.0",
        "::",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "x.localhost",
      ],
    ],
    ["link-local", ["169.254.1.1", "fe80::1", "::ffff:169.254.1.1"]],
    [
      "metadata",
      [
        "169.254.169.254",
        "::ffff:a9fe:a9fe",
        "100.100.100.200",
        "fd00:ec2::254",
        "metadata.google.internal",
        "METADATA.GOOGLE.INTERNAL.",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
      ],
    ],
    [
      "public",
      ["8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2001:4860:4860::8888", "255.255.255.255", "224.0.0.1"],
    ],
  ])("no spelling of a %s address may", async (_, hosts) => {
    for (const host of hosts) expectProblem(await create(host), 403, "target_not_allowed");
  });

  test.each([
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "127.0.0.01",
    "127.0.0.1.",
    "10.1",
    "012.0.0.1",
    "1.2.3.4.5",
    "256.0.0.1",
    "１２７.0.0.1",
    "127。0。0。1",
    "①27.0.0.1",
  ])("the odd spelling %s is 400", async (host) => {
    expectProblem(await create(host), 400, "invalid_request", "hostname");
  });

  test.each([
    "",
    " ",
    "a b",
    "http://10.0.0.1",
    "root@10.0.0.1",
    "10.0.0.1:22",
    "10.0.0.1/24",
    "fe80::1%eth0",
    "[10.0.0.1",
    "::ffff:300.0.0.1",
    "a..b",
    "-a.example",
    "x".repeat(254),
    `${"x".repeat(64)}.example`,
    "a\u0000b",
    "a\r\nb",
  ])("%j is no host: 400", async (host) => {
    expectProblem(await create(host), 400, "invalid_request", "hostname");
  });

  test("a name that nobody knows is made: attaching decides", async () => {
    const { status } = expectCreated(await create("no-such-host.invalid"));
    expect(status).toBe("pending");
  });

  test("a refusal tells the address and where an admin may allow it", async () => {
    const { detail } = expectProblem(await create("8.8.8.8"), 403, "target_not_allowed");
    expect(detail).toMatch(/8\.8\.8\.8.*targets\.ssh\.allow/);
  });

  test("nothing is made by what is refused", async () => {
    const count = async () => (await send(`${gateway.url}/api/sessions`, { headers })).headers["x-total-count"];
    const before = await count();
    await create("127.0.0.1");
    await create("0x7f.1");
    expect(await count()).toBe(before);
  });
});

test("the gateway's own listener is refused although its network is allowed, unless its exact address is", async () => {
  const env = { SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" };
  const [wide, exact] = await Promise.all([
    startTestGateway({ ...env, SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8" }),
    startTestGateway({ ...env, SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8,127.0.0.1" }),
  ]);
  const own = (on: TestGateway, hostname: string, offset = 0) =>
    send(`${on.url}/api/sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${on.adminKey}` },
      body: { hostname, port: Number(new URL(on.url).port) + offset },
    });
  try {
    for (const host of ["127.0.0.1", "::ffff:127.0.0.1"])
      expectProblem(await own(wide, host), 403, "target_not_allowed");
    expectCreated(await own(wide, "127.0.0.1", -1));
    expectCreated(await own(wide, "127.0.0.2"));
    expectCreated(await own(exact, "127.0.0.1"));
  } finally {
    await Promise.all([wide.close(), exact.close()]);
  }
});
