import { once } from "node:events";
import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { jumpHost } from "../support/hop-hosts.ts";
import { startScriptedServer } from "../support/scripted-server.ts";
import { type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

let gateway: TestGateway;
let target: SshHost;
let hop: SshHost;
let desktop: VncHost;
let api: SessionApi;
let cookie: string;
beforeAll(async () => {
  [gateway, target, hop, desktop] = await Promise.all([
    startTestGateway({ SALLYPORT_SESSION_MAX_PER_USER: "1" }),
    startSshHost(),
    startSshHost(),
    startVncHost(),
  ]);
  ({ cookie } = await gateway.signIn("poweruser"));
  api = sessionApi(gateway, cookie);
}, 60_000);
afterAll(() => Promise.all([gateway.close(), target.stop(), hop.stop(), desktop.stop()]));

const step = z.strictObject({
  step: z.string(),
  subject: z.string(),
  ok: z.boolean(),
  ms: z.int(),
  cause: z.string().nullable(),
  message: z.string().min(1),
  fix: z.array(z.string()),
});
const diagnosis = z.strictObject({ ok: z.boolean(), steps: z.array(step) });
const throughHop = () => ({ hostname: target.host, port: target.port, jump_hosts: [jumpHost(hop)] });

const ask = async (body: object, caller = api) => {
  const response = await caller.call("POST", "/api/sessions/diagnose", body);
  expect(response.status, await response.clone().text()).toBe(200);
  return diagnosis.parse(await response.json());
};
const askForEvents = (body: object, signal?: AbortSignal) =>
  fetch(`${gateway.url}/api/sessions/diagnose`, {
    method: "POST",
    headers: {
      cookie,
      accept: "text/event-stream",
      "sec-fetch-site": "same-origin",
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
/** A target that says nothing, with who came to it. */
const muteTarget = async () => {
  const visitor = Promise.withResolvers<Socket>();
  const server = await startScriptedServer((socket) => visitor.resolve(socket));
  onTestFinished(() => server.close());
  return { fields: { hostname: "127.0.0.1", port: server.port }, visitor: visitor.promise };
};

test("a whole way through a hop is tried in order, and each step says what it found", async () => {
  const { ok, steps } = await ask(throughHop());
  expect(ok, JSON.stringify(steps)).toBe(true);
  expect(steps.map((each) => `${each.step} ${each.subject}`)).toEqual([
    `policy 127.0.0.1:${target.port}`,
    "policy Hop 1, 127.0.0.1",
    "connect Hop 1, 127.0.0.1",
    "key_exchange Hop 1, 127.0.0.1",
    "host_key Hop 1, 127.0.0.1",
    "sign_in Hop 1, 127.0.0.1",
    "forward Hop 1, 127.0.0.1",
    `key_exchange 127.0.0.1:${target.port}`,
    `host_key 127.0.0.1:${target.port}`,
    "limits Gateway",
    "guacd Session host",
  ]);
  expect(steps.filter(({ cause, fix }) => cause !== null || fix.length > 0)).toEqual([]);
  expect(steps.find(({ step: name }) => name === "key_exchange")?.message).toMatch(/^OpenSSH_\S+ answers\.$/);
});

test("a host key that is met is told as new and not kept", async () => {
  const { steps } = await ask(throughHop());
  const words = steps.flatMap((each) => (each.step === "host_key" ? [each.message] : []));
  expect(words).toEqual(Array(2).fill(expect.stringMatching(/ssh-ed25519 key is not known yet/)));
  expect(await gateway.knownHosts.list()).toEqual([]);
});

test("nobody signs in to the target, not even by name", async () => {
  const before = target.log().length;
  await ask({ hostname: target.host, port: target.port, username: target.username, password: target.password });
  const written = target.log().slice(before);
  expect(written).toContain("Connection from");
  expect(written).not.toMatch(/Accepted|Failed|userauth|user \w+/);
});

test("VNC is asked for its kinds of sign-in", async () => {
  const { steps } = await ask({ session_type: "vnc", hostname: desktop.host, port: desktop.port });
  expect(steps.find(({ step: name }) => name === "greeting")).toMatchObject({
    ok: true,
    message: "Speaks VNC (RFB 3.8) and takes a password.",
  });
});

test("a target outside the allow-list is a finding, not a refusal of the test", async () => {
  const { steps } = await ask({ hostname: "192.0.2.1" });
  expect(steps).toMatchObject([{ step: "policy", ok: false, cause: "target_not_allowed" }]);
});

test("a hop's key that cannot be read is a finding, and no 400", async () => {
  const private_key = "-----BEGIN OPENSSH PRIVATE KEY-----\nnonsense\n-----END OPENSSH PRIVATE KEY-----\n";
  const { hostname, port, username } = jumpHost(hop);
  const { steps } = await ask({ ...throughHop(), jump_hosts: [{ hostname, port, username, private_key }] });
  expect(steps.at(-1)).toMatchObject({ step: "sign_in", subject: "Hop 1, 127.0.0.1", cause: "key_unreadable" });
});

test("a bad field is a 400 that names it", async () => {
  const response = await api.call("POST", "/api/sessions/diagnose", { hostname: "127.0.0.1", colour: "red" });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ field: "colour" });
});

test("events tell each step as it begins and ends, then the whole answer", async () => {
  const response = await askForEvents(throughHop());
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const events = (await response.text())
    .split("\n\n")
    .filter((text) => text !== "")
    .map((text) => {
      const [, name = "", data = ""] = /^event: (\w+)\ndata: (.*)$/.exec(text) ?? [];
      return { name, data: JSON.parse(data) as unknown };
    });
  const result = diagnosis.parse(events.at(-1)?.data);
  expect(events.at(-1)?.name).toBe("result");
  expect(events.filter(({ name }) => name === "step").map(({ data }) => data)).toEqual(result.steps);
  const begun = z.strictObject({ step: z.string(), subject: z.string(), limit_ms: z.int().positive() });
  const begins = events.filter(({ name }) => name === "begin").map(({ data }) => begun.parse(data));
  expect(begins.map(({ step: name, subject }) => [name, subject])).toEqual(
    result.steps.map(({ step: name, subject }) => [name, subject]),
  );
});

test("a caller who lets go ends the test, and its connection to the target", async () => {
  const { fields, visitor } = await muteTarget();
  const leaving = new AbortController();
  const response = await askForEvents(fields, leaving.signal);
  const body = response.text().catch(() => "gone");
  const socket = await visitor;
  leaving.abort();
  await once(socket, "close");
  expect(await body).toBe("gone");
});

test("a fourth test at a time is refused, and may come when one is over", async () => {
  const targets = await Promise.all([muteTarget(), muteTarget(), muteTarget()]);
  const leaving = new AbortController();
  const running = targets.map(({ fields }) => askForEvents(fields, leaving.signal));
  const sockets = await Promise.all(targets.map(({ visitor }) => visitor));
  const refused = await api.call("POST", "/api/sessions/diagnose", { hostname: "127.0.0.1", port: 1 });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: "rate_limited" });
  const ended = sockets.map((socket) => once(socket, "close"));
  leaving.abort();
  await Promise.all(ended);
  await Promise.allSettled(running);
  await expect
    .poll(async () => (await api.call("POST", "/api/sessions/diagnose", { hostname: "127.0.0.1", port: 1 })).status)
    .toBe(200);
});

test("a person at the limit is told so, and a test counts as no session", async () => {
  const own = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie);
  const fields = { hostname: target.host, port: target.port };
  expect((await ask(fields, own)).ok).toBe(true);
  await own.create({ ...fields, username: "ann" });
  expect((await ask(fields, own)).steps.at(-1)).toMatchObject({
    step: "limits",
    subject: "Gateway",
    cause: "limit_reached",
  });
});

test("each test is audited with its way, and neither audit nor log has a secret", async () => {
  await ask(throughHop());
  const rows = await gateway.database
    .selectFrom("audit")
    .select(["action", "details"])
    .where("action", "=", "session.diagnose")
    .orderBy("at", "desc")
    .execute();
  expect(JSON.parse(rows[0]?.details ?? "{}")).toEqual({
    protocol: "ssh",
    hostname: "127.0.0.1",
    port: target.port,
    hops: [`127.0.0.1:${hop.port}`],
  });
  expect(JSON.stringify(rows) + gateway.logs()).not.toContain(hop.password);
});
