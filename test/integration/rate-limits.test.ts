import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openEvents } from "../support/event-client.ts";
import { startGatewayProcess } from "../support/gateway-process.ts";
import { type Answer, expectCreated, expectProblem, send } from "../support/http.ts";
import { openSocket } from "../support/open-socket.ts";
import { usualRateLimits } from "../support/rate-limits.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const open: TestGateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

/** A gateway whose limits are the defaults, unless told. */
const start = async (limits: Readonly<Record<string, string>> = {}): Promise<TestGateway> => {
  const gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    ...usualRateLimits,
    ...limits,
  });
  open.push(gateway);
  return gateway;
};

/** One call a second and five at once: what a test uses up does not come back while it looks. */
const few = { SALLYPORT_RATE_LIMIT_API_PER_SECOND: "1", SALLYPORT_RATE_LIMIT_API_BURST: "5" };
const behindProxies = { SALLYPORT_SERVER_TRUSTED_PROXIES: "127.0.0.1,10.0.0.0/8" };

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const status = (gateway: TestGateway, headers: Record<string, string> = {}) =>
  send(`${gateway.url}/api/auth/status`, { headers });
const times = <T>(count: number, run: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, run));
const statusesOf = (answers: readonly Answer[]): number[] => answers.map((answer) => answer.status).toSorted();
const quotaOf = ({ headers }: Answer) =>
  ["limit", "remaining", "reset"].map((field) => headers[`ratelimit-${field}`]).join(" ");

describe("calls", () => {
  test("pass in a burst, then at the rate; what is more is 429 and told how long to wait", async () => {
    const gateway = await start(few);
    const startMs = performance.now();
    const answers = await times(30, () => status(gateway));
    const mayPass = 5 + Math.floor((performance.now() - startMs) / 1000);
    const passed = answers.filter((answer) => answer.status === 200).length;
    expect(passed).toBeGreaterThanOrEqual(5);
    expect(passed).toBeLessThanOrEqual(mayPass);
    const refused = answers.find((answer) => answer.status !== 200);
    if (!refused) throw new Error("nothing was refused");
    expect(expectProblem(refused, 429, "rate_limited").detail).toBe("Too many requests. Wait 1 s.");
    expect(refused.headers["retry-after"]).toBe("1");
    expect(quotaOf(refused)).toMatch(/^5 0 [45]$/);
    await expect.poll(async () => (await status(gateway)).status).toBe(200);
  });

  test("tell in every answer what is left, also when it is a refusal", async () => {
    const gateway = await start();
    const headers = bearer(gateway.adminKey);
    expect(quotaOf(await send(`${gateway.url}/api/me`, { headers }))).toBe("100 99 1");
    const missing = await send(`${gateway.url}/api/sessions/none`, { headers });
    expectProblem(missing, 404, "not_found");
    expect(quotaOf(missing)).toMatch(/^100 9\d 1$/);
    const unknown = await send(`${gateway.url}/api/me`);
    expectProblem(unknown, 401, "unauthenticated");
    expect(quotaOf(unknown)).toBe("100 99 1");
  });

  test("of one key or person are not counted on another at the same address, nor on unknown callers there", async () => {
    const gateway = await start(few);
    const flood = await times(30, () => send(`${gateway.url}/api/me`, { headers: bearer(gateway.adminKey) }));
    expect(statusesOf(flood)).toContain(429);
    const { cookie } = await gateway.signIn("viewer");
    const other = await send(`${gateway.url}/api/me`, { headers: { cookie } });
    expect([other.status, (await status(gateway)).status]).toEqual([200, 200]);
  });

  test("of one key from many addresses are counted together", async () => {
    const gateway = await start({ ...few, ...behindProxies });
    let last = 0;
    const flood = await times(30, () => {
      last += 1;
      const headers = { ...bearer(gateway.adminKey), "x-forwarded-for": `192.0.2.${last}` };
      return send(`${gateway.url}/api/me`, { headers });
    });
    expect(statusesOf(flood)).toContain(429);
  });

  test("make sessions on a quota of their own", async () => {
    const gateway = await start({
      ...few,
      SALLYPORT_RATE_LIMIT_SESSION_CREATE_PER_SECOND: "1",
      SALLYPORT_RATE_LIMIT_SESSION_CREATE_BURST: "3",
    });
    const headers = bearer(gateway.adminKey);
    const create = () =>
      send(`${gateway.url}/api/sessions`, {
        method: "POST",
        headers,
        body: { hostname: "127.0.0.1", username: "ann" },
      });
    await times(30, () => send(`${gateway.url}/api/me`, { headers }));
    const first = await create();
    expectCreated(first);
    expect(quotaOf(first)).toBe("3 2 1");
    const more = await times(10, create);
    expect(more.filter((answer) => answer.status === 429).length).toBeGreaterThan(0);
    await expect.poll(async () => (await send(`${gateway.url}/api/me`, { headers })).status).toBe(200);
  });

  test("of WebSockets and event streams count as others do", async () => {
    const gateway = await start({ ...few, SALLYPORT_RATE_LIMIT_API_BURST: "8" });
    const { cookie } = await gateway.signIn("operator");
    const headers = { cookie, origin: gateway.url };
    const asks = [
      () => send(`${gateway.url}/ws/none`, { headers }),
      async () => {
        const answer = await openSocket(`${gateway.url}/ws/none`, headers);
        if ("socket" in answer) throw new Error("there is no such session");
        return answer;
      },
    ];
    for (const ask of asks) expectProblem(await ask(), 404, "not_found");
    const events = await openEvents(gateway.url, headers);
    expect(events.headers["ratelimit-limit"]).toBe("8");
    expect(Number(events.headers["ratelimit-remaining"])).toBeLessThan(8);
    events.close();
    await times(30, () => send(`${gateway.url}/ws/none`, { headers }));
    const [refusedGet, refusedSocket] = await Promise.all(asks.map((ask) => ask()));
    for (const refused of [refusedGet, refusedSocket]) {
      if (!refused) throw new Error("not asked");
      expectProblem(refused, 429, "rate_limited");
      expect(refused.headers["retry-after"]).toBe("1");
    }
  });

  test("of health, pages and files are never limited", async () => {
    const gateway = await start(few);
    await times(30, () => status(gateway));
    for (const path of ["/api/health", "/", "/favicon.svg", "/session/none", "/nothing"]) {
      const answers = await times(20, () => send(gateway.url + path));
      expect(statusesOf(answers)).not.toContain(429);
      expect(answers[0]?.headers["ratelimit-limit"]).toBeUndefined();
    }
  });

  test("are not counted where the limit is 0", async () => {
    const gateway = await start({ ...few, SALLYPORT_RATE_LIMIT_API_BURST: "0" });
    const answers = await times(150, () => status(gateway));
    expect(new Set(statusesOf(answers))).toEqual(new Set([200]));
    expect(answers[0]?.headers["ratelimit-limit"]).toBeUndefined();
  });
});

describe("unknown callers are told apart by address", () => {
  /** Whether a caller who has used up everything holds back another one; each is named by what it sends. */
  const holdsBack = async (gateway: TestGateway, flooder: string, other: string): Promise<boolean> => {
    const flood = await times(30, () => status(gateway, { "x-forwarded-for": flooder }));
    expect(statusesOf(flood)).toContain(429);
    const answers = await times(3, () => status(gateway, { "x-forwarded-for": other }));
    return statusesOf(answers).includes(429);
  };

  test("without a trusted proxy what a caller writes makes it nobody else", async () => {
    expect(await holdsBack(await start(few), "192.0.2.1", "192.0.2.2")).toBe(true);
  });

  test.each([
    ["one proxy: two callers", "192.0.2.1", "192.0.2.2", false],
    ["one proxy: one caller who writes somebody in front of itself", "192.0.2.3", "6.6.6.6, 192.0.2.3", true],
    ["one proxy: one caller who writes a trusted proxy in front of itself", "192.0.2.4", "10.0.0.9, 192.0.2.4", true],
    ["two proxies: two callers", "192.0.2.5, 10.0.0.2", "192.0.2.6, 10.0.0.2", false],
    ["two proxies: one caller through either", "192.0.2.7, 10.0.0.2", "192.0.2.7, 10.0.0.3", true],
    ["two proxies: one caller who writes somebody else", "192.0.2.8, 10.0.0.2", "6.6.6.6, 192.0.2.8, 10.0.0.2", true],
    ["an IPv4 address written as IPv6", "192.0.2.9", "::ffff:192.0.2.9", true],
    ["the same in hexadecimal", "192.0.2.10", "::ffff:c000:20a", true],
    ["a trusted proxy written as IPv6", "192.0.2.11", "192.0.2.11, ::ffff:a00:2", true],
    ["two addresses of one IPv6 network of 64 bits", "2001:db8:1:1::1", "2001:db8:1:1:ffff::2", true],
    ["two IPv6 networks of 64 bits", "2001:db8:2:1::1", "2001:db8:2:2::1", false],
  ])("%s", async (_, flooder, other, held) => {
    expect(await holdsBack(await start({ ...few, ...behindProxies }), flooder, other)).toBe(held);
  });
});

describe("failed sign-ins", () => {
  const signIn = (gateway: TestGateway, key: string, from = "192.0.2.1") =>
    send(`${gateway.url}/auth/key`, { method: "POST", body: { key }, headers: { "x-forwarded-for": from } });
  const me = (gateway: TestGateway, key: string, from = "192.0.2.1") =>
    send(`${gateway.url}/api/me`, { headers: { ...bearer(key), "x-forwarded-for": from } });

  test("five in a minute from one address, then it waits, with the right key too; a key that is right goes on", async () => {
    const gateway = await start(behindProxies);
    for (let tried = 0; tried < 5; tried += 1) expectProblem(await signIn(gateway, "sp_wrong"), 401, "unauthenticated");
    for (const key of ["sp_wrong", gateway.adminKey]) {
      const refused = await signIn(gateway, key);
      const wait = Number(refused.headers["retry-after"]);
      expect(expectProblem(refused, 429, "rate_limited").detail).toBe(`Too many tries. Wait ${wait} s.`);
      expect(wait).toBeGreaterThan(20);
      expect(wait).toBeLessThanOrEqual(60);
      expect(quotaOf(refused)).toMatch(/^5 0 \d+$/);
    }
    expectProblem(await me(gateway, "sp_wrong"), 429, "rate_limited");
    expect((await me(gateway, gateway.adminKey)).status).toBe(200);
    expect((await signIn(gateway, gateway.adminKey, "192.0.2.2")).status).toBe(204);
    expectProblem(await me(gateway, "sp_wrong", "192.0.2.2"), 401, "unauthenticated");
    expect((await send(`${gateway.url}/api/health`)).status).toBe(200);
  });

  test("that come all at once are not more", async () => {
    const gateway = await start(behindProxies);
    const answers = await times(40, () => signIn(gateway, "sp_wrong"));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(35);
  });

  test("are not those that work, nor those that are no question of the key", async () => {
    const gateway = await start(behindProxies);
    for (let time = 0; time < 8; time += 1) {
      expect((await signIn(gateway, gateway.adminKey)).status).toBe(204);
      expectProblem(await signIn(gateway, ""), 400, "invalid_request", "key");
    }
  });

  test("are counted apart from wrong keys that a script sends, so that it keeps nobody from signing in", async () => {
    const gateway = await start(behindProxies);
    for (let sent = 0; sent < 5; sent += 1) expectProblem(await me(gateway, "sp_old"), 401, "unauthenticated");
    const refused = await me(gateway, "sp_old");
    expectProblem(refused, 429, "rate_limited");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(20);
    expect((await signIn(gateway, gateway.adminKey)).status).toBe(204);
  });

  test("are not logins that have ended: a page that is left open keeps nobody from signing in", async () => {
    const gateway = await start(behindProxies);
    const headers = { cookie: "sallyport=ended", "x-forwarded-for": "192.0.2.1" };
    const answers = await times(10, () => send(`${gateway.url}/api/me`, { headers }));
    expect(new Set(statusesOf(answers))).toEqual(new Set([401]));
    expect((await signIn(gateway, gateway.adminKey)).status).toBe(204);
  });
});

test("limits change at SIGHUP, without a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-limits-"));
  const file = join(folder, "sallyport.toml");
  writeFileSync(file, "[rate_limit]\napi_burst = 7\n");
  const gateway = await startGatewayProcess(folder);
  try {
    const limit = async () => (await send(`${gateway.url}/api/auth/status`)).headers["ratelimit-limit"];
    expect(await limit()).toBe("7");
    writeFileSync(file, "[rate_limit]\napi_burst = 3\n");
    gateway.child.kill("SIGHUP");
    await gateway.logged("configuration reread");
    expect(await limit()).toBe("3");
  } finally {
    await gateway.end();
    rmSync(folder, { recursive: true });
  }
});
