import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessLines, expectProblem, send, sendRaw } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
let key: { authorization: string };
beforeAll(async () => {
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
  key = { authorization: `Bearer ${gateway.adminKey}` };
});
afterAll(() => gateway.close());

const at = (path: string) => gateway.url + path;

describe("unknown paths and wrong verbs are answered to everybody, before authentication", () => {
  test.each([
    "/api",
    "/api/nothing",
    "/api/health/",
    "/api/sessions/",
    "/api/sessions/a/b",
    "/ws",
    "/ws/a/b",
    "/api/events/",
    "/api/admin/known-hosts/x/praise",
  ])("GET %s is 404", async (path) => {
    expectProblem(await send(at(path)), 404, "not_found");
    expectProblem(await send(at(path), { headers: { authorization: "Bearer wrong" } }), 404, "not_found");
  });

  test.each([
    ["DELETE", "/api/sessions", "POST, GET, HEAD, OPTIONS"],
    ["PATCH", "/api/sessions/x", "GET, DELETE, HEAD, OPTIONS"],
    ["POST", "/api/me", "GET, HEAD, OPTIONS"],
    ["GET", "/auth/key", "POST, OPTIONS"],
    ["POST", "/ws/x", "GET, HEAD, OPTIONS"],
    ["TRACE", "/api/health", "GET, HEAD, OPTIONS"],
  ])("%s %s is 405 with Allow", async (method, path, allow) => {
    const answer = await send(at(path), { method });
    expectProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.allow).toBe(allow);
  });

  test.each(["/api/connect", "/auth/login", "/auth/callback"])(
    "what people open, such as %s, says so on a page",
    async (path) => {
      const answer = await send(at(path));
      expect(answer).toMatchObject({ status: 404, headers: { "content-type": "text/html; charset=utf-8" } });
      expect(answer.text).toContain(String(answer.headers["x-request-id"]));
    },
  );

  test("outside the API an unknown path is a 404 page, and a page takes no other verb", async () => {
    expect(await send(at("/nothing"))).toMatchObject({
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8" },
    });
    expect(await send(at("/"), { method: "POST" })).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD, OPTIONS" },
    });
    expect(await send(at("/"), { method: "OPTIONS" })).toMatchObject({
      status: 204,
      headers: { allow: "GET, HEAD, OPTIONS" },
    });
  });
});

describe("HEAD and OPTIONS", () => {
  test.each(["/api/health", "/api/auth/status", "/api/me", "/api/sessions", "/"])(
    "HEAD %s has the status and type of GET and no body",
    async (path) => {
      const get = await send(at(path), { headers: key });
      const head = await send(at(path), { method: "HEAD", headers: key });
      expect(head).toMatchObject({
        status: get.status,
        text: "",
        headers: { "content-type": get.headers["content-type"] },
      });
    },
  );

  test("HEAD of a GET that has an effect is 405 and has none", async () => {
    const { cookie } = await gateway.signIn("viewer");
    const answer = await send(at("/auth/logout"), { method: "HEAD", headers: { cookie } });
    expect(answer).toMatchObject({ status: 405, headers: { allow: "GET, POST, OPTIONS" } });
    expect((await send(at("/api/me"), { headers: { cookie } })).status).toBe(200);
  });

  test.each(["/api/sessions", "/api/sessions/x", "/auth/key", "/ws/x"])(
    "OPTIONS %s is 204 with Allow and no CORS",
    async (path) => {
      const answer = await send(at(path), { method: "OPTIONS", headers: { origin: "https://elsewhere.example" } });
      expect(answer).toMatchObject({ status: 204, text: "" });
      expect(answer.headers.allow).toMatch(/OPTIONS$/);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    },
  );
});

describe("request ids and the log", () => {
  test("every answer has an id of ours, and exactly one access line with it", async () => {
    const answers = [
      await send(at("/api/health"), { headers: { "x-request-id": "theirs" } }),
      await send(at("/")),
      await send(at("/favicon.svg")),
      await send(at("/api/nothing")),
      await send(at("/api/me")),
      await send(at("/api/me"), { method: "OPTIONS" }),
      await send(at("/api/me"), { headers: key }),
      await send(at("/api/health"), { headers: { host: "elsewhere.example" } }),
    ];
    const lines = accessLines(gateway.logs());
    for (const { headers, status } of answers) {
      const mine = lines.filter(({ requestId }) => requestId === headers["x-request-id"]);
      expect(mine).toHaveLength(1);
      expect(mine[0]).toMatchObject({ level: "info", status, address: "127.0.0.1", durationMs: expect.any(Number) });
    }
    expect(new Set(answers.map(({ headers }) => headers["x-request-id"])).size).toBe(answers.length);
  });

  test("the access line names the caller by id and tells nothing of the query", async () => {
    const { headers } = await send(at("/api/sessions?limit=1&password=canary"), { headers: key });
    const line = accessLines(gateway.logs()).find(({ requestId }) => requestId === headers["x-request-id"]);
    expect(line).toMatchObject({ method: "GET", path: "/api/sessions", principalKind: "api_key" });
    expect(gateway.logs()).not.toContain("canary");
  });

  test("what is no HTTP request at all is a problem with an id, and the connection closes", async () => {
    const { host } = new URL(gateway.url);
    for (const bytes of ["hello\r\n\r\n", `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${"a".repeat(20_000)}\r\n\r\n`]) {
      const answer = await sendRaw(gateway.url, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      const id = /x-request-id: (\S+)/.exec(answer)?.[1] ?? "none";
      expect(answer).toContain(`"request_id":"${id}"`);
      expect(gateway.logs()).toContain(id);
    }
    expect(await sendRaw(gateway.url, "GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400 .*[\s\S]*invalid_request/,
    );
  });
});

test("a 500 says Internal error and the request id, and nothing of itself", async () => {
  await gateway.database.schema.alterTable("session").renameTo("session_away").execute();
  const answer = await send(at("/api/sessions"), { headers: key });
  await gateway.database.schema.alterTable("session_away").renameTo("session").execute();
  const { detail } = expectProblem(answer, 500, "internal");
  expect(detail).toBe("Internal error");
  expect(answer.text).not.toMatch(/session|sqlite|table/i);
  expect(gateway.logs()).toMatch(new RegExp(`"level":"error".*no such table.*${answer.headers["x-request-id"]}`));
});

test("the API document lists every route with its caller's needs and names no outside host", async () => {
  const { status, text } = await send(at("/api/v1/api-docs"));
  expect(status).toBe(200);
  const { openapi, paths, components } = JSON.parse(text);
  expect(openapi).toBe("3.1.0");
  expect(Object.keys(components.securitySchemes)).toEqual(["bearer", "api_key", "ticket", "login"]);
  const create = paths["/api/sessions"].post;
  expect(create).toMatchObject({
    "x-permission": "session:create",
    security: [{ bearer: [] }, { api_key: [] }, { login: [] }],
  });
  expect(create).not.toHaveProperty("meta");
  expect(paths["/ws/{id}"].get.security).toContainEqual({ ticket: [] });
  expect(paths["/api/health"].get).toMatchObject({ "x-permission": "open", security: [] });
  expect(text).not.toMatch(/https?:\/\//);
});
