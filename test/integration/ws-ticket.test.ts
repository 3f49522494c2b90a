import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { expectCreated, expectProblem, send } from "../support/http.ts";
import { opened, openSocket } from "../support/open-socket.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

type Headers = Record<string, string>;

let gateway: TestGateway;
let admin: Headers;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SESSION_MAX_PER_USER: "500",
    SALLYPORT_SERVER_TRUSTED_PROXIES: "127.0.0.1",
  });
  admin = bearer(gateway.adminKey);
});
afterAll(() => gateway.close());

const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });
const own = { "sec-fetch-site": "same-origin" };
const unknownId = "01a20bb6-0000-7000-8000-000000000000";

const post = (headers: Headers, body?: unknown) =>
  send(`${gateway.url}/api/ws-ticket`, { method: "POST", headers, ...(body === undefined ? {} : { body }) });
const ticketOf = async (headers: Headers, sessionId?: string): Promise<string> => {
  const answer = await post(headers, sessionId === undefined ? undefined : { session_id: sessionId });
  expect(answer.status, answer.text).toBe(201);
  return JSON.parse(answer.text).ticket;
};
const create = async (headers: Headers): Promise<string> =>
  expectCreated(
    await send(`${gateway.url}/api/sessions`, { method: "POST", headers, body: { hostname: "127.0.0.1", port: 1 } }),
  ).session_id;
const urlOf = (id: string, ticket: string) => `${gateway.url}/ws/${id}?ticket=${ticket}`;
const look = (id: string, ticket: string, headers: Headers = {}) => send(urlOf(id, ticket), { headers });
const expectOpen = async (id: string, ticket: string, headers: Headers = {}) => {
  const { socket, closed } = opened(await openSocket(urlOf(id, ticket), headers));
  socket.close();
  await closed;
};
const expectRefused = async (id: string, ticket: string, headers: Headers = {}) => {
  for (const answer of [await look(id, ticket, headers), await openSocket(urlOf(id, ticket), headers)]) {
    if ("socket" in answer) throw new Error("it was opened");
    expectProblem(answer, 401, "unauthenticated");
  }
};

describe("POST /api/ws-ticket", () => {
  test("answers 201 with the ticket and its 30 seconds, with and without a body", async () => {
    const id = await create(admin);
    for (const body of [undefined, {}, { session_id: null }, { session_id: id }]) {
      const answer = await post(admin, body);
      expect(answer.status, answer.text).toBe(201);
      expect(answer.headers["cache-control"]).toBe("no-store");
      expect(JSON.parse(answer.text)).toEqual({ ticket: expect.stringMatching(/^wst_[\w-]{43}$/), expires_in: 30 });
    }
  });

  test("refuses a session that is malformed, unknown, someone else's or ended", async () => {
    const { cookie } = await gateway.signIn("poweruser");
    const other = { cookie, ...own };
    for (const malformed of ["x", "", 5, `${unknownId}x`])
      expectProblem(await post(admin, { session_id: malformed }), 400, "invalid_request", "session_id");
    expectProblem(await post(admin, { session_id: unknownId }), 404, "not_found");
    const id = await create(admin);
    expectProblem(await post(other, { session_id: id }), 403, "forbidden");
    await send(`${gateway.url}/api/sessions/${id}`, { method: "DELETE", headers: admin });
    expectProblem(await post(admin, { session_id: id }), 410, "gone");
    expectProblem(await post(admin, { session: unknownId }), 400, "invalid_request", "session");
  });

  test("asks a caller by cookie where the request comes from", async () => {
    const { cookie } = await gateway.signIn("operator");
    expectProblem(await post({ cookie, origin: "https://evil.example" }), 403, "forbidden");
    expectProblem(await post({ cookie }), 403, "forbidden");
    expect((await post({ cookie, ...own })).status).toBe(201);
  });
});

describe("a ticket", () => {
  test("opens one socket, without cookie, header and Origin, and no second", async () => {
    const { cookie } = await gateway.signIn("poweruser");
    const id = await create({ cookie, ...own });
    const ticket = await ticketOf({ cookie, ...own }, id);
    await expectOpen(id, ticket);
    await expectRefused(id, ticket);
  });

  test("opens a socket for a foreign page, as a key in a header does", async () => {
    const id = await create(admin);
    await expectOpen(id, await ticketOf(admin), { origin: "https://evil.example", "sec-fetch-site": "cross-site" });
  });

  test("is not used up by the plain GET, however often", async () => {
    const id = await create(admin);
    const ticket = await ticketOf(admin, id);
    for (let times = 0; times < 3; times++) expectProblem(await look(id, ticket), 426, "upgrade_required");
    await expectOpen(id, ticket);
  });

  test("is not used up by an upgrade that is refused", async () => {
    const { cookie } = await gateway.signIn("poweruser");
    const [mine, others] = [await create({ cookie, ...own }), await create(admin)];
    const ticket = await ticketOf({ cookie, ...own });
    for (const id of [unknownId, others]) {
      const answer = await openSocket(urlOf(id, ticket));
      if ("socket" in answer) throw new Error("it was opened");
      expect([403, 404]).toContain(answer.status);
    }
    await expectOpen(mine, ticket);
  });

  test("lets in exactly one of two upgrades at once", async () => {
    for (let round = 0; round < 10; round++) {
      const ids = [await create(admin), await create(admin)];
      const ticket = await ticketOf(admin);
      const results = await Promise.all(ids.map((id) => openSocket(urlOf(id, ticket))));
      const open = results.filter((result) => "socket" in result);
      expect(open).toHaveLength(1);
      for (const result of results) {
        if ("socket" in result) result.socket.close();
        else expectProblem(result, 401, "unauthenticated");
      }
    }
  });

  test("for one session does not open another, and stays good for its own", async () => {
    const [id, other] = [await create(admin), await create(admin)];
    const ticket = await ticketOf(admin, id);
    await expectRefused(other, ticket);
    await expectRefused(unknownId, ticket);
    await expectOpen(id, ticket);
  });

  test("gives way to a key in a header and is not used up by it; it wins over a cookie", async () => {
    const id = await create(admin);
    const ticket = await ticketOf(admin, id);
    expectProblem(await look(id, "wst_wrong", admin), 426, "upgrade_required");
    expectProblem(await look(id, "wst_wrong", { "x-api-key": gateway.adminKey }), 426, "upgrade_required");
    expectProblem(await look(id, ticket, { "x-api-key": "sp_wrong" }), 401, "unauthenticated");
    const { cookie } = await gateway.signIn("poweruser");
    expectProblem(await look(id, ticket, { cookie, ...own }), 426, "upgrade_required");
    const byKey = opened(await openSocket(urlOf(await create(admin), ticket), admin));
    byKey.socket.close();
    await byKey.closed;
    await expectOpen(id, ticket);
  });

  test("counts for nothing outside of WebSockets, nor in a header", async () => {
    const ticket = await ticketOf(admin);
    for (const path of ["/api/me", "/api/sessions"])
      expectProblem(await send(`${gateway.url}${path}?ticket=${ticket}`), 401, "unauthenticated");
    for (const headers of [bearer(ticket), { "x-api-key": ticket }])
      expectProblem(await send(`${gateway.url}/api/me`, { headers }), 401, "unauthenticated");
  });

  test("is refused when it is 30 seconds old", async () => {
    const id = await create(admin);
    const ticket = await ticketOf(admin, id);
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, "now").mockImplementation(() => now() + 30_000);
    onTestFinished(() => later.mockRestore());
    await expectRefused(id, ticket);
  });
});

describe("a ticket is as good as what it was made with is now", () => {
  const byKey = async (name: string, options: Parameters<TestGateway["addKey"]>[1] = {}) => {
    const headers = { ...bearer(await gateway.addKey(name, options)), "x-forwarded-for": "192.0.2.1" };
    const id = await create(headers);
    return { id, ticket: await ticketOf(headers, id) };
  };

  test("a disabled key's is refused, and good again when the key is", async () => {
    const key = bearer(await gateway.addKey("off and on"));
    const ticket = await ticketOf(key);
    await gateway.adminKeys.disable({ name: "off and on" }, gateway.actor);
    await expectRefused(unknownId, ticket);
    await gateway.adminKeys.enable({ name: "off and on" }, gateway.actor);
    await expectOpen(await create(key), ticket);
  });

  test.each(["rotate", "delete"] as const)("after the key's %s it is refused", async (verb) => {
    const { id, ticket } = await byKey(`ticket ${verb}`);
    await gateway.adminKeys[verb]({ name: `ticket ${verb}` }, gateway.actor);
    await expectRefused(id, ticket);
  });

  test("an expired key's is refused", async () => {
    const { id, ticket } = await byKey("short-lived", { expiresAtMs: Date.now() + 10_000 });
    expectProblem(await look(id, ticket), 426, "upgrade_required");
    const { now } = Date;
    const later = vi.spyOn(Date, "now").mockImplementation(() => now() + 11_000);
    onTestFinished(() => later.mockRestore());
    await expectRefused(id, ticket);
  });

  test("from an address that the key may not come from it is refused", async () => {
    const { id, ticket } = await byKey("bound", { allowedIps: ["192.0.2.1"] });
    await expectRefused(id, ticket, { "x-forwarded-for": "192.0.2.2" });
    await expectOpen(id, ticket, { "x-forwarded-for": "192.0.2.1" });
  });

  const byPerson = async () => {
    const { cookie, personId } = await gateway.signIn("poweruser");
    const id = await create({ cookie, ...own });
    return { id, ticket: await ticketOf({ cookie, ...own }, id), cookie, personId };
  };
  const person = (id: string) => gateway.database.updateTable("person").where("id", "=", id);

  test("with the end of the login it is refused", async () => {
    const { id, ticket, cookie } = await byPerson();
    await send(`${gateway.url}/auth/logout`, { method: "POST", headers: { cookie, ...own } });
    await expectRefused(id, ticket);
  });

  test("a disabled person's is refused", async () => {
    const { id, ticket, personId } = await byPerson();
    await person(personId).set({ disabled_at: Date.now() }).execute();
    await expectRefused(id, ticket);
  });

  test("a demoted person is not allowed in", async () => {
    const { id, ticket, personId } = await byPerson();
    await person(personId).set({ role: "viewer" }).execute();
    expectProblem(await look(id, ticket), 403, "forbidden");
    const answer = await openSocket(urlOf(id, ticket));
    if ("socket" in answer) throw new Error("it was opened");
    expectProblem(answer, 403, "forbidden");
  });
});
