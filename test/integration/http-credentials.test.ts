import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SERVER_TRUSTED_PROXIES: "127.0.0.1",
  });
});
afterAll(() => gateway.close());

const me = (headers: Record<string, string>) => send(`${gateway.url}/api/me`, { headers });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const swap = (key: string, headers: Record<string, string> = {}) =>
  send(`${gateway.url}/auth/key`, { method: "POST", body: { key }, headers });
const cookieOf = ({ headers }: Answer): string => headers["set-cookie"]?.[0]?.split(";")[0] ?? "";

describe("the first credential that is present decides", () => {
  test("Bearer, X-API-Key and the cookie each sign in; the scheme's case does not count", async () => {
    const { cookie } = await gateway.signIn("viewer");
    const ways = [
      bearer(gateway.adminKey),
      { authorization: `bearer ${gateway.adminKey}` },
      { "x-api-key": gateway.adminKey },
      { cookie },
      { cookie: `a=b; ${cookie}; c=d` },
    ];
    for (const way of ways) expect((await me(way)).status).toBe(200);
  });

  test("a better one wins over the next", async () => {
    const { cookie, email } = await gateway.signIn("viewer");
    const name = async (headers: Record<string, string>) => JSON.parse((await me(headers)).text).name;
    expect(await name({ ...bearer(gateway.adminKey), cookie })).toBe("first-admin");
    expect(await name({ "x-api-key": gateway.adminKey, cookie })).toBe("first-admin");
    expect(await name({ cookie })).toBe(email);
  });

  test.each<[string, Record<string, string>]>([
    ["a wrong Bearer", { authorization: "Bearer sp_wrong" }],
    ["an empty Authorization", { authorization: "" }],
    ["Bearer without a key", { authorization: "Bearer " }],
    ["two keys in one Bearer", { authorization: "Bearer a b" }],
    ["Basic", { authorization: "Basic YTpi" }],
    ["an unknown scheme", { authorization: "Negotiate abc" }],
    ["a wrong X-API-Key", { "x-api-key": "sp_wrong" }],
    ["an empty X-API-Key", { "x-api-key": "" }],
  ])("%s is 401 although a good one follows", async (_, wrong) => {
    const { cookie } = await gateway.signIn("admin");
    expectProblem(await me({ "x-api-key": gateway.adminKey, cookie, ...wrong }), 401, "unauthenticated");
  });

  test("a wrong cookie is 401, and a credential in the URL counts for nothing", async () => {
    expectProblem(await me({ cookie: "sallyport=wrong" }), 401, "unauthenticated");
    for (const name of ["ticket", "key", "token", "api_key", "access_token"])
      expectProblem(await send(`${gateway.url}/api/me?${name}=${gateway.adminKey}`), 401, "unauthenticated");
  });

  test("on a WebSocket a ticket is a credential: a wrong one is 401 although a cookie follows", async () => {
    const { cookie } = await gateway.signIn("operator");
    const headers = { cookie, "sec-fetch-site": "same-origin" };
    const id = "01a20bb6-0000-7000-8000-000000000000";
    expectProblem(await send(`${gateway.url}/ws/${id}?ticket=wst_x`, { headers }), 401, "unauthenticated");
    expectProblem(await send(`${gateway.url}/ws/${id}?a=b?ticket=wst_x`, { headers }), 404, "not_found");
  });
});

describe("admin keys", () => {
  test("unknown, disabled, expired and wrong-address keys are refused in one text, by header and by swap", async () => {
    const soon = Date.now() + 30;
    const expired = await gateway.addKey("short", { expiresAtMs: soon });
    const bad = [
      "sp_unknown",
      await gateway.addKey("off", { disabled: true }),
      await gateway.addKey("elsewhere", { allowedIps: ["192.0.2.0/24", "2001:db8::/32"] }),
      expired,
    ];
    while (Date.now() <= soon) await me({});
    const texts = new Set<string>();
    for (const key of bad) {
      const answers = [await me(bearer(key)), await me({ "x-api-key": key }), await swap(key)];
      for (const answer of answers) {
        texts.add(expectProblem(answer, 401, "unauthenticated").detail);
        expect(answer.headers["set-cookie"]).toBeUndefined();
      }
    }
    expect([...texts]).toHaveLength(1);
  });

  test("an allowed address is the client's own, as the trusted proxy tells it", async () => {
    const key = await gateway.addKey("office", { allowedIps: ["192.0.2.0/24", "2001:db8::1"] });
    const from = async (address: string) => (await me({ ...bearer(key), "x-forwarded-for": address })).status;
    expect(await from("192.0.2.77")).toBe(200);
    expect(await from("::ffff:192.0.2.77")).toBe(200);
    expect(await from("2001:db8::1")).toBe(200);
    expect(await from("2001:db8::2")).toBe(401);
    expect(await from("192.0.2.77, 203.0.113.9")).toBe(401);
    expect((await me(bearer(key))).status).toBe(401);
  });

  test("a login made with a key holds only where and while the key does", async () => {
    const key = await gateway.addKey("roaming", { allowedIps: ["192.0.2.1"] });
    const cookie = cookieOf(await swap(key, { "x-forwarded-for": "192.0.2.1" }));
    const from = async (address: string) => (await me({ cookie, "x-forwarded-for": address })).status;
    expect(await from("192.0.2.1")).toBe(200);
    expect(await from("192.0.2.2")).toBe(401);
    await gateway.adminKeys.disable({ name: "roaming" }, gateway.actor);
    expect(await from("192.0.2.1")).toBe(401);
    await gateway.adminKeys.enable({ name: "roaming" }, gateway.actor);
    expect(await from("192.0.2.1")).toBe(401);
  });

  test.each(["rotate", "delete"] as const)("a key's logins end with %s", async (verb) => {
    const key = await gateway.addKey(verb);
    const cookie = cookieOf(await swap(key));
    expect((await me({ cookie })).status).toBe(200);
    await gateway.adminKeys[verb]({ name: verb }, gateway.actor);
    expect((await me({ cookie })).status).toBe(401);
    expect((await me(bearer(key))).status).toBe(401);
  });

  test("only hashes of keys and login tokens are stored", async () => {
    const cookie = cookieOf(await swap(gateway.adminKey));
    const rows = [
      ...(await gateway.database.selectFrom("admin_key").selectAll().execute()),
      ...(await gateway.database.selectFrom("login").selectAll().execute()),
    ];
    const stored = JSON.stringify(rows);
    expect(stored).not.toContain(gateway.adminKey);
    expect(stored).not.toContain(cookie.split("=")[1]);
  });
});

describe("signing in and out", () => {
  test("/auth/key answers 204 without a body, and the cookie is the caller of the next request", async () => {
    const answer = await swap(gateway.adminKey);
    expect(answer).toMatchObject({ status: 204, text: "" });
    const who = JSON.parse((await me({ cookie: cookieOf(answer) })).text);
    expect(who).toEqual({
      name: "first-admin",
      email: null,
      role: "admin",
      groups: [],
      auth_type: "api_key",
      vault_enabled: false,
      vault_configured: false,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test.each([{}, { key: "" }, { key: 5 }, { key: "x".repeat(513) }, { key: ["x"] }])(
    "/auth/key refuses %j on its field",
    async (body) => {
      expectProblem(await send(`${gateway.url}/auth/key`, { method: "POST", body }), 400, "invalid_request", "key");
    },
  );

  test.each(["GET", "POST"])(
    "%s /auth/logout ends the login here, also the server's half, and goes to the start",
    async (method) => {
      const { cookie } = await gateway.signIn("viewer");
      const headers = { cookie, "sec-fetch-site": "same-origin" };
      const answer = await send(`${gateway.url}/auth/logout`, { method, headers });
      expect(answer).toMatchObject({ status: 302, headers: { location: "/" } });
      expect(answer.headers["set-cookie"]?.[0]).toMatch(/^sallyport=; .*Max-Age=0/);
      expectProblem(await me({ cookie }), 401, "unauthenticated");
    },
  );

  test.each(["GET", "POST"])("%s /auth/logout works with a dead cookie and with none", async (method) => {
    const url = `${gateway.url}/auth/logout`;
    expect((await send(url, { method, headers: { cookie: "sallyport=dead" } })).status).toBe(302);
    expect((await send(url, { method })).status).toBe(302);
  });

  test.each(["cross-site", "same-site"])(
    "/auth/logout asked for by a %s page is a 403 page and signs nobody out",
    async (site) => {
      const { cookie } = await gateway.signIn("viewer");
      for (const method of ["GET", "POST"]) {
        const answer = await send(`${gateway.url}/auth/logout`, {
          method,
          headers: { cookie, "sec-fetch-site": site },
        });
        expect(answer).toMatchObject({ status: 403, headers: { "content-type": "text/html; charset=utf-8" } });
      }
      expect((await me({ cookie })).status).toBe(200);
    },
  );

  test("POST /auth/logout by cookie from nowhere in particular is refused", async () => {
    const { cookie } = await gateway.signIn("viewer");
    const post = (headers: Record<string, string>) =>
      send(`${gateway.url}/auth/logout`, { method: "POST", headers: { cookie, ...headers } });
    expect((await post({})).status).toBe(403);
    expect((await post({ origin: "https://evil.example" })).status).toBe(403);
    expect((await post({ origin: gateway.url })).status).toBe(302);
  });

  test("health and the sign-in status are open and tell no version", async () => {
    expect(JSON.parse((await send(`${gateway.url}/api/health`)).text)).toEqual({ status: "ok" });
    expect(JSON.parse((await send(`${gateway.url}/api/auth/status`)).text)).toEqual({
      oidc_enabled: false,
      site_title: "Sallyport",
    });
    for (const path of ["/api/health", "/api/auth/status", "/"])
      expect(Object.keys((await send(gateway.url + path)).headers)).not.toContain("server");
  });
});
