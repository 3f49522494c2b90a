import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Role } from "../../src/core/principal.ts";
import { arbitraryOfSchema } from "../support/arbitrary-of-schema.ts";
import { type Answer, expectProblem } from "../support/http.ts";
import { opsClient } from "../support/ops-client.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

/** Requests for each route. */
const requestsEach = 50;

const content = z.record(z.string(), z.object({ schema: z.unknown() })).optional();
const operation = z.object({
  parameters: z.array(z.object({ in: z.string(), name: z.string(), schema: z.unknown() })).default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content })),
});
type Operation = z.infer<typeof operation>;
const apiDocument = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

let gateway: TestGateway;
let opsUrl: string;
let document: z.infer<typeof apiDocument>;
let cookies: Record<Exclude<Caller, "nobody">, string>;
/** What `{id}` stands for in a path that begins so. */
let known: Record<string, string>;

const roles = ["viewer", "operator", "poweruser", "admin"] as const satisfies Role[];
type Caller = (typeof roles)[number] | "nobody";
const own = { "sec-fetch-site": "same-origin" };

beforeAll(async () => {
  const ops = await opsClient();
  opsUrl = ops.url;
  gateway = await startTestGateway({
    ...ops.environment,
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SESSION_MAX_PER_USER: "100000",
    SALLYPORT_SESSION_MAX_TOTAL: "100000",
  });
  document = apiDocument.parse(await (await fetch(`${gateway.url}/api/v1/api-docs`)).json());
  const [viewer = "", operator = "", poweruser = "", admin = ""] = (
    await Promise.all(roles.map((role) => gateway.signIn(role)))
  ).map(({ cookie }) => cookie);
  cookies = { viewer, operator, poweruser, admin };
  known = {
    "/api/sessions": await make("/api/sessions", { hostname: "127.0.0.1" }, "session_id"),
    "/ws": await make("/api/sessions", { hostname: "127.0.0.1" }, "session_id"),
    "/api/admin/keys": await make("/api/admin/keys", { name: "known" }, "id"),
  };
});
afterAll(() => gateway.close());

/** Bodies that are taken, to which faults are added. */
const goodBodies: Record<string, object> = {
  "/api/sessions": { session_type: "vnc", hostname: "127.0.0.1" },
  "/api/admin/keys": { name: "good" },
};

const make = async (path: string, body: object, idName: string): Promise<string> => {
  const headers = { cookie: cookies.admin, ...own, "content-type": "application/json" };
  const answer = await ask({ method: "post", path, headers, body: JSON.stringify(body) });
  return z.looseObject({ [idName]: z.string() }).parse(JSON.parse(answer.text))[idName] ?? "";
};

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** One request as it is, a path that no URL would keep included. A stream of events is left after its head. */
const ask = async ({ method, path, headers, body }: Ask): Promise<Answer> => {
  const { hostname, port } = new URL(gateway.url);
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  const framed = { ...headers, ...length };
  const sent = request({ hostname, port, method: method.toUpperCase(), path, headers: framed, agent: false });
  sent.on("error", () => undefined);
  const answered = once(sent, "response");
  sent.end(body);
  const [response] = await answered;
  const isEndless = String(response.headers["content-type"]).startsWith("text/event-stream");
  if (isEndless) response.destroy();
  return { status: response.statusCode, headers: response.headers, text: isEndless ? "" : await text(response) };
};

/** Holds an answer against what the document says of it. */
const expectDocumented = (route: Operation, answer: Answer): void => {
  const { status, headers } = answer;
  const described = route.responses[status];
  expect(described, `${status} is not documented: ${answer.text}`).toBeDefined();
  const [type, body] = Object.entries(described?.content ?? {})[0] ?? [];
  if (status >= 400) {
    const { code } = z.object({ code: z.string() }).parse(JSON.parse(answer.text));
    expectProblem(answer, status, code as Parameters<typeof expectProblem>[2], fieldOf(answer));
  } else if (type === undefined) expect(status === 302 ? headers.location : answer.text).toBeDefined();
  else {
    expect(headers["content-type"]).toContain(type);
    if (type === "application/json") validatorOf(body?.schema).parse(JSON.parse(answer.text));
  }
};

const fieldOf = ({ text: body }: Answer): string | undefined =>
  z.object({ field: z.string().optional() }).parse(JSON.parse(body)).field;

const validatorOf = (schema: unknown): z.ZodType => {
  const local = JSON.stringify({ ...Object(schema), $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(local.replaceAll("#/components/schemas/", "#/$defs/")));
};

const segments = fc.oneof(
  fc.uuid(),
  fc.constantFrom("", ".", "..", "%00", "%ff", "%2e%2e%2f", "a%2Fb", "x".repeat(300), "'", "0"),
  fc.string({ maxLength: 20 }).map(encodeURIComponent),
);

const oddContentTypes = [
  ...["text/plain", "application/json; charset=utf-7", "multipart/form-data", "application/x-www-form-urlencoded"],
  ...["application/jsonx", "APPLICATION/JSON", "application/json;;;", 'a/b; c="', "", "*/*"],
];
const oddHeaders: Record<string, string>[] = [
  { "x-filler": "x".repeat(12_000) },
  { accept: "text/html;q=x, */*;q=-1" },
  { "accept-encoding": "br;q=9, identity;q=0" },
  { "content-encoding": "gzip" },
  { "x-forwarded-for": "::1, %00, 999.1.1.1", forwarded: "for=_x" },
  { "x-http-method-override": "DELETE" },
  { "if-none-match": "*", range: "bytes=0-0" },
  { "last-event-id": "\u00ff" },
];

/** Requests to a route as its document describes them, with faults in every part. */
const requestsTo = (method: string, path: string, route: Operation): fc.Arbitrary<Ask & { caller: Caller }> => {
  const schema = route.requestBody?.content?.["application/json"]?.schema;
  const value = schema ? arbitraryOfSchema(schema, document.components.schemas) : fc.jsonValue();
  const good = goodBodies[path];
  const nearlyGood = value.map((each) => ({
    ...good,
    ...Object.fromEntries(Object.entries(Object(each)).slice(0, 1)),
  }));
  const json = (good ? fc.oneof(value, nearlyGood) : value).map((each) => JSON.stringify(each));
  const body = schema
    ? fc.oneof(
        { weight: 8, arbitrary: json },
        { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 50 }) },
        { weight: 1, arbitrary: json.map((each) => each.slice(0, -1)) },
      )
    : fc.option(json, { freq: 5, nil: undefined });
  const query = route.parameters.filter((parameter) => parameter.in === "query");
  const values = fc.record(
    Object.fromEntries(
      query.map(({ name, schema: part }) => [
        name,
        fc.oneof(
          { weight: 4, arbitrary: arbitraryOfSchema(part, document.components.schemas).map(String) },
          { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
        ),
      ]),
    ),
    { requiredKeys: [] },
  );
  const id = fc.oneof(fc.constant("{known}"), segments);
  const contentType = fc.oneof(
    { weight: 9, arbitrary: fc.constant("application/json") },
    { weight: 1, arbitrary: fc.constantFrom(...oddContentTypes) },
  );
  const headers = fc.oneof(
    { weight: 9, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom(...oddHeaders) },
  );
  return fc
    .record({
      caller: fc.constantFrom(...roles, "poweruser" as const, "admin" as const, "nobody" as const),
      body,
      values,
      id,
      contentType,
      headers,
      isRepeated: fc.boolean(),
    })
    .map((made) => {
      const search = new URLSearchParams();
      for (const [name, each] of Object.entries(made.values)) {
        search.append(name, String(each));
        if (made.isRepeated) search.append(name, "again");
      }
      return {
        method,
        caller: made.caller,
        path: `${path.replace("{id}", made.id)}?${search}`,
        headers: { ...made.headers, ...(made.body === undefined ? {} : { "content-type": made.contentType }) },
        body: made.body,
      };
    });
};

test("no request to a documented route makes an error of the gateway's, and every answer is as documented", async () => {
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, route] of Object.entries(operations)) {
      const requests = requestsTo(method, path, route);
      await fc.assert(
        fc.asyncProperty(requests, async ({ caller, ...made }) => {
          const cookie = caller === "nobody" ? {} : { cookie: await cookieFor(caller, path) };
          const address = made.path.replace("{known}", knownOf(path));
          const answer = await ask({ ...made, path: address, headers: { ...made.headers, ...own, ...cookie } });
          expect(answer.status, answer.text).toBeLessThan(500);
          // An id that is no path segment leads to another address, and its answers stand elsewhere.
          if (isOneOf(path, address)) expectDocumented(route, answer);
        }),
        { numRuns: requestsEach },
      );
    }
  await expectUp();
}, 300_000);

const expectUp = async (): Promise<void> => {
  expect((await fetch(`${gateway.url}/api/health`)).status).toBe(200);
  expect(gateway.logs()).not.toContain('"request failed"');
};

test("an address that is none answers with a problem under the API, elsewhere with a page, and never with a fault", async () => {
  const part = fc.constantFrom(
    ...["api", "auth", "ws", "sessions", "API", "v1", "session", "assets", "admin", "keys", "key", "known", "x"],
    ...[
      "",
      ".",
      "..",
      "%2e%2e",
      "%00",
      "%0a",
      "%ff",
      "%",
      "%c3%28",
      "%F0%9F%98%80",
      ";a=b",
      "\\",
      "*",
      "x".repeat(3000),
    ],
  );
  const requests = fc.record({
    method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"),
    path: fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join("/")}`),
    caller: fc.constantFrom("admin" as const, "nobody" as const),
    query: fc.constantFrom("", "?", "?a=1&a=2", "?%00", "?%ff=%", "?__proto__[x]=1", "?a[]=1&a=2"),
  });
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, caller, query }) => {
      const cookie = caller === "nobody" ? {} : { cookie: cookies[caller] };
      const headers = { ...own, ...cookie };
      const answer = await ask({ method, path: path + query, headers, body: method === "POST" ? "{}" : undefined });
      expect(answer.status, answer.text).toBeLessThan(500);
      const isProblem = answer.headers["content-type"] === "application/problem+json";
      if (answer.status < 400 || method === "HEAD") return;
      if (/^\/(api|auth|ws)(\/|$)/.test(path) && !/%|\.|\/(connect|login|callback|logout)$/.test(path))
        expect(isProblem, `${method} ${path}: ${answer.text.slice(0, 200)}`).toBe(true);
      if (isProblem) expect(JSON.parse(answer.text)).toMatchObject({ status: answer.status, code: expect.any(String) });
    }),
    { numRuns: 1000 },
  );
  await expectUp();
}, 120_000);

test("headers that are too many or too large are refused with a problem", async () => {
  for (const headers of [
    { "x-filler": "x".repeat(40_000) },
    Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`x-${n}`, "y"])),
  ]) {
    const answer = await ask({ method: "get", path: "/api/me", headers, body: undefined });
    expectProblem(answer, 400, "invalid_request");
  }
  await expectUp();
});

const knownOf = (path: string): string =>
  Object.entries(known).find(([start]) => path.startsWith(`${start}/`))?.[1] ?? "none";

/** Signing out ends a login, so it is given one of its own. */
const cookieFor = async (caller: Exclude<Caller, "nobody">, path: string): Promise<string> =>
  path === "/auth/logout" ? (await gateway.signIn(caller)).cookie : cookies[caller];

const isOneOf = (path: string, made: string): boolean => {
  const [address = ""] = made.split("?");
  return new RegExp(`^${path.replace("{id}", "(?!\\.{1,2}(/|$))[^/%]+")}$`).test(address);
};

test.each(["public", "ops"])(
  "no bytes on a connection to the %s listener make an error of the gateway's or end it",
  async (listener) => {
    const noise = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    );
    const mostly = (...good: string[]) =>
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: noise });
    const first = mostly(
      "GET /api/health HTTP/1.1",
      "GET /metrics HTTP/1.1",
      "POST /auth/key HTTP/1.1",
      "GET /ws/x HTTP/1.1",
      "GET http://[ HTTP/1.1",
      "OPTIONS * HTTP/1.1",
      "CONNECT x:1 HTTP/1.1",
    );
    const host = mostly("Host: 127.0.0.1", "Host: elsewhere.example", "Host: 127.0.0.1\r\nHost: 127.0.0.1");
    const header = mostly(
      ...["Content-Length: 5", "Content-Length: -1", "Transfer-Encoding: chunked", "Content-Type: application/json"],
      ...[
        "Upgrade: websocket",
        "Connection: upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
      ],
      ...["Expect: 100-continue", "Range: bytes=9-1", "Cookie: sallyport=x", "X-Forwarded-For: ::1"],
    );
    const body = mostly("", "hello", '{"key":"x"}', "5\r\nhello\r\n0\r\n\r\n", "ffffffff\r\n");
    const requests = fc
      .tuple(first, host, fc.array(header, { maxLength: 6 }), body)
      .map(([line, at, headers, rest]) => [line, at, ...headers, "", rest].join("\r\n"));
    const { hostname, port } = new URL(listener === "ops" ? opsUrl : gateway.url);
    await fc.assert(
      fc.asyncProperty(requests, async (bytes) => {
        const socket = connect(Number(port), hostname);
        socket.on("error", () => undefined);
        socket.end(bytes, "latin1");
        const answer = await text(socket).catch(() => "");
        for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)) expect(Number(status), answer).not.toBe(500);
      }),
      { numRuns: 500 },
    );
    await expectUp();
  },
  120_000,
);
