import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { errorTitles } from "../../src/core/errors.ts";
import type { Role } from "../../src/core/principal.ts";
import { accessLines, expectCreated, expectProblem, send, sendRaw } from "../support/http.ts";
import { opened, openSocket } from "../support/open-socket.ts";
import { portOf } from "../support/port-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

type Headers = Record<string, string>;

let gateway: TestGateway;
let owner: Headers;
let other: Headers;
let viewer: Headers;
let admin: Headers;
let closedPort: number;
beforeAll(async () => {
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1", SALLYPORT_SESSION_MAX_PER_USER: "500" });
  const signIn = async (role: Role) => ({ cookie: (await gateway.signIn(role)).cookie });
  [owner, other, viewer] = await Promise.all([signIn("poweruser"), signIn("poweruser"), signIn("viewer")]);
  admin = { authorization: `Bearer ${gateway.adminKey}` };
  const server = createServer().listen(0, "127.0.0.1");
  closedPort = await portOf(server);
  server.close();
});
afterAll(() => gateway.close());

const own = { "sec-fetch-site": "same-origin" };
const create = async (by: Headers): Promise<string> =>
  expectCreated(
    await send(`${gateway.url}/api/sessions`, {
      method: "POST",
      headers: { ...by, ...own },
      body: { hostname: "127.0.0.1", port: closedPort, username: "root", password: "x" },
    }),
  ).session_id;
const statusOf = async (id: string) =>
  JSON.parse((await send(`${gateway.url}/api/sessions/${id}`, { headers: admin })).text).status;

interface Refusal {
  path: (id: string) => string;
  headers: () => Headers;
  status: number;
  code: keyof typeof errorTitles;
  field?: string;
  /** What is done to the owner's session before. */
  before?: (id: string) => Promise<unknown>;
}
const at = (id: string) => `/ws/${id}`;
const refusals: Record<string, Refusal> = {
  nobody: { path: at, headers: () => own, status: 401, code: "unauthenticated" },
  "nobody, about a session that is not there": {
    path: () => "/ws/nothing",
    headers: () => own,
    status: 401,
    code: "unauthenticated",
  },
  "a wrong key": { path: at, headers: () => ({ authorization: "Bearer x" }), status: 401, code: "unauthenticated" },
  "a wrong ticket beside a good cookie": {
    path: (id) => `/ws/${id}?ticket=x`,
    headers: () => ({ ...owner, ...own }),
    status: 401,
    code: "unauthenticated",
  },
  "a viewer": { path: at, headers: () => ({ ...viewer, ...own }), status: 403, code: "forbidden" },
  "someone else": { path: at, headers: () => ({ ...other, ...own }), status: 403, code: "forbidden" },
  "an admin, of another's session that has not started": {
    path: at,
    headers: () => admin,
    status: 409,
    code: "not_started",
  },
  "an admin who would be the owner": {
    path: (id) => `/ws/${id}?mode=owner`,
    headers: () => admin,
    status: 403,
    code: "forbidden",
  },
  "the owner's browser on a foreign page": {
    path: at,
    headers: () => ({ ...owner, origin: "https://evil.example" }),
    status: 403,
    code: "forbidden",
  },
  "the owner's browser on a sister host": {
    path: at,
    headers: () => ({ ...owner, "sec-fetch-site": "same-site" }),
    status: 403,
    code: "forbidden",
  },
  "the owner's cookie without an Origin": { path: at, headers: () => owner, status: 403, code: "forbidden" },
  "mode=view before the session has started": {
    path: (id) => `/ws/${id}?mode=view`,
    headers: () => ({ ...owner, ...own }),
    status: 409,
    code: "not_started",
  },
  "mode=view of someone else": {
    path: (id) => `/ws/${id}?mode=view`,
    headers: () => ({ ...other, ...own }),
    status: 403,
    code: "forbidden",
  },
  "mode=control": {
    path: (id) => `/ws/${id}?mode=control`,
    headers: () => admin,
    status: 400,
    code: "not_supported",
    field: "mode",
  },
  "an unknown session": {
    path: () => "/ws/01a20bb6-0000-7000-8000-000000000000",
    headers: () => admin,
    status: 404,
    code: "not_found",
  },
  "a malformed id": { path: () => "/ws/..%2fx", headers: () => admin, status: 404, code: "not_found" },
  "a session that has ended": {
    path: at,
    headers: () => ({ ...owner, ...own }),
    status: 410,
    code: "gone",
    before: (id) => send(`${gateway.url}/api/sessions/${id}`, { method: "DELETE", headers: admin }),
  },
  "a foreign Host": { path: at, headers: () => ({ ...admin, host: "evil.example" }), status: 421, code: "misdirected" },
};

describe("the upgrade and the plain GET refuse alike, before anything is opened", () => {
  test.each(Object.entries(refusals))("%s", async (_, { path, headers, status, code, field, before }) => {
    const id = await create(owner);
    await before?.(id);
    const url = gateway.url + path(id);
    expectProblem(await send(url, { headers: headers() }), status, code, field);
    const socket = await openSocket(url, headers());
    if ("socket" in socket) throw new Error("it was opened");
    expectProblem(socket, status, code, field);
    if (!before) expect(await statusOf(id)).toBe("pending");
  });
});

describe("when all is well", () => {
  test("the plain GET is 426 and uses nothing up, however often", async () => {
    const id = await create(owner);
    for (const query of ["", "?mode=owner", "?a=b?width=800&mode=view", "?width=x&height=-1&dpi=1e9&image=text/html"]) {
      const answer = await send(`${gateway.url}/ws/${id}${query}`, { headers: { ...owner, ...own } });
      expectProblem(answer, 426, "upgrade_required");
      expect(answer.headers).toMatchObject({ upgrade: "websocket", "sec-websocket-version": "13" });
    }
    expect((await send(`${gateway.url}/ws/${id}`, { method: "HEAD", headers: { ...owner, ...own } })).status).toBe(426);
    expect(await statusOf(id)).toBe("pending");
  });

  test.each([
    ["another upgrade", { upgrade: "h2c" }],
    ["a version that is none", { "sec-websocket-version": "7" }],
    ["a key that is none", { "sec-websocket-key": "short" }],
  ])("a handshake with %s is a plain GET", async (_, wrong) => {
    const id = await create(owner);
    const headers = {
      host: new URL(gateway.url).host,
      ...owner,
      ...own,
      connection: "Upgrade, close",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...wrong,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const answer = await sendRaw(gateway.url, `GET /ws/${id} HTTP/1.1\r\n${lines.join("")}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 426 /);
  });

  test.each<[string, () => Headers]>([
    ["by Origin", () => ({ ...owner, origin: gateway.url })],
    ["by Sec-Fetch-Site", () => ({ ...owner, ...own })],
  ])(
    "the owner's browser gets in, %s; the first message is the tunnel's UUID, and the end says why",
    async (_, headers) => {
      const id = await create(owner);
      const { socket, messages, closed } = opened(
        await openSocket(`${gateway.url}/ws/${id}?mode=owner?width=800&height=600`, headers()),
      );
      expect(socket.protocol).toBe("guacamole");
      const { code, reason } = await closed;
      expect(messages[0]).toMatch(/^0\.,36\.[0-9a-f-]{36};$/);
      expect(messages[0]).not.toContain(id);
      expect([code, reason].join()).toMatch(/^\d+,\d+$/);
      expect(await statusOf(id)).toBe("ended");
      const line = accessLines(gateway.logs()).find((entry) => entry.path === `/ws/${id}` && entry.status === 101);
      expect(line).toMatchObject({ level: "info", requestId: expect.any(String) });
    },
  );

  test("a caller by header needs no Origin, and a client that offers no sub-protocol is taken", async () => {
    const id = await create(admin);
    const { socket, messages, closed } = opened(await openSocket(`${gateway.url}/ws/${id}`, admin, []));
    expect(socket.protocol).toBe("");
    await closed;
    expect(messages[0]).toMatch(/^0\./);
  });
});

test("a refused upgrade lets its socket go, also when the other side keeps its half open", async () => {
  const { hostname, port, host } = new URL(gateway.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const handshake =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  socket.write(`GET /ws/x HTTP/1.1\r\nHost: ${host}\r\n${handshake}\r\n\r\n`);
  const [[answer]] = await Promise.all([once(socket, "data"), once(socket, "end")]);
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
  // A socket that is gone answers the first write with a reset, which the next one meets; a kept one takes them all.
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  const writing = setInterval(() => socket.write("still here"), 10);
  await closed;
  clearInterval(writing);
});
