import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const publicUrl = "https://gateway.example.com";
let plain: TestGateway;
let published: TestGateway;
beforeAll(async () => {
  const env = { SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" };
  [plain, published] = await Promise.all([
    startTestGateway(env),
    startTestGateway({ ...env, SALLYPORT_SERVER_PUBLIC_URL: publicUrl }),
  ]);
});
afterAll(() => Promise.all([plain.close(), published.close()]));

const signIn = (gateway: TestGateway, headers: Record<string, string> = {}) =>
  send(`${gateway.listenUrl}/auth/key`, { method: "POST", body: { key: gateway.adminKey }, headers });

describe("the login cookie", () => {
  test("on plain http has HttpOnly, SameSite=Lax and Path=/, and neither prefix nor Secure", async () => {
    const cookie = (await signIn(plain)).headers["set-cookie"]?.[0] ?? "";
    expect(cookie).toMatch(/^sallyport=[\w-]{43}; /);
    expect(cookie.split("; ").slice(1).sort()).toEqual(["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Lax"]);
  });

  test("with an https public URL has the __Host- prefix and Secure, and no Domain", async () => {
    const cookie = (await signIn(published)).headers["set-cookie"]?.[0] ?? "";
    expect(cookie).toMatch(/^__Host-sallyport=[\w-]{43}; /);
    const attributes = ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Lax", "Secure"];
    expect(cookie.split("; ").slice(1).sort()).toEqual(attributes);
  });

  test("its plain name counts for nothing where the prefixed one is used", async () => {
    const { cookie } = await published.signIn("viewer");
    const me = (value: string) => send(`${published.listenUrl}/api/me`, { headers: { cookie: value } });
    expect((await me(cookie)).status).toBe(401);
    expect((await me(`__Host-${cookie}`)).status).toBe(200);
  });
});

describe("Host", () => {
  const status = async (gateway: TestGateway, host: string) =>
    (await send(`${gateway.listenUrl}/api/health`, { headers: { host } })).status;

  test("the listener's own names are served, with the port that it has", async () => {
    const { port } = new URL(plain.url);
    for (const host of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
      expect(await status(plain, `${host}:${port}`)).toBe(200);
  });

  test.each([
    "evil.example",
    "localhost",
    "localhost:1",
    "127.0.0.1",
    "127.0.0.1.nip.io:PORT",
    "localhost.:PORT",
    "0.0.0.0:PORT",
    "[::]:PORT",
    "evil@127.0.0.1:PORT",
    "127.0.0.1:PORT:1",
  ])("%s is refused, for the API, the pages and the WebSocket", async (pattern) => {
    const host = pattern.replace("PORT", new URL(plain.url).port);
    for (const path of ["/api/health", "/api/nothing", "/", "/ws/x"]) {
      const answer = await send(plain.url + path, { headers: { host } });
      // What is no host at all is a 400 before anybody looks at it.
      expect([400, 421]).toContain(answer.status);
      if (answer.status === 421 && path !== "/") expectProblem(answer, 421, "misdirected");
    }
  });

  test("the 421 names what came and the key to set", async () => {
    const answer = await send(`${plain.url}/api/health`, { headers: { host: "evil.example" } });
    expect(expectProblem(answer, 421, "misdirected").detail).toMatch(/evil\.example.*server\.public_url/);
  });

  test("with a public URL its host is served, as are the listener's own names, and no other", async () => {
    expect(await status(published, "gateway.example.com")).toBe(200);
    expect(await status(published, "Gateway.Example.com")).toBe(200);
    expect(await status(published, "gateway.example.com:443")).toBe(200);
    expect(await status(published, new URL(published.listenUrl).host)).toBe(200);
    expect(await status(published, "gateway.example.com:8443")).toBe(421);
    expect(await status(published, "gateway.example.com.evil.example")).toBe(421);
    expect(await status(published, "x.gateway.example.com")).toBe(421);
  });
});

describe("where an effect by cookie comes from", () => {
  const cases = (own: string, foreign: string): [string, Record<string, string>, number][] => [
    ["the same origin, by Sec-Fetch-Site", { "sec-fetch-site": "same-origin" }, 201],
    ["the same origin, by Origin", { origin: own }, 201],
    ["a page of another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, 403],
    ["another site, by Origin alone", { origin: "https://evil.example" }, 403],
    ["a sister host", { "sec-fetch-site": "same-site" }, 403],
    ["the address bar", { "sec-fetch-site": "none" }, 403],
    ["a sandboxed page", { origin: "null" }, 403],
    ["another port of the host", { origin: foreign }, 403],
    ["nowhere", {}, 403],
    ["an empty Origin", { origin: "" }, 403],
  ];
  const create = (gateway: TestGateway, headers: Record<string, string>) =>
    send(`${gateway.listenUrl}/api/sessions`, { method: "POST", body: { hostname: "10.0.0.1" }, headers });

  test("is asked of every caller by cookie, against the Host when there is no public URL", async () => {
    const { cookie } = await plain.signIn("poweruser");
    for (const [name, headers, status] of cases(plain.url, "http://127.0.0.1:1"))
      expect((await create(plain, { cookie, ...headers })).status, name).toBe(status);
  });

  test("and against the public URL when there is one", async () => {
    const cookie = `__Host-${(await published.signIn("poweruser")).cookie}`;
    for (const [name, headers, status] of cases(publicUrl, "https://gateway.example.com:8443"))
      expect((await create(published, { cookie, ...headers })).status, name).toBe(status);
    expect((await create(published, { cookie, origin: published.listenUrl })).status).toBe(403);
    expect((await create(published, { cookie, origin: "http://gateway.example.com" })).status).toBe(403);
  });

  test("the 403 names both addresses and the key to set", async () => {
    const { cookie } = await plain.signIn("poweruser");
    const { detail } = expectProblem(await create(plain, { cookie, origin: "https://evil.example" }), 403, "forbidden");
    for (const part of ["https://evil.example", plain.url, "server.public_url"]) expect(detail).toContain(part);
  });

  test("is not asked of keys, nor of readers", async () => {
    const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    expect((await create(plain, { "x-api-key": plain.adminKey, ...foreign })).status).toBe(201);
    const { cookie } = await plain.signIn("operator");
    expect((await send(`${plain.url}/api/sessions`, { headers: { cookie, ...foreign } })).status).toBe(200);
  });

  test("a browser that swaps a key must be on our page; a script need not say where it is", async () => {
    expect((await signIn(plain)).status).toBe(204);
    expect((await signIn(plain, { origin: plain.url })).status).toBe(204);
    expect((await signIn(plain, { "sec-fetch-site": "same-origin" })).status).toBe(204);
    expectProblem(await signIn(plain, { origin: "https://evil.example" }), 403, "forbidden");
    expectProblem(await signIn(plain, { "sec-fetch-site": "cross-site" }), 403, "forbidden");
    expectProblem(await signIn(plain, { "sec-fetch-site": "none" }), 403, "forbidden");
  });
});
