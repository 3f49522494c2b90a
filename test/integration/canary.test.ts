import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeInstruction } from "../../src/guacd/instruction.ts";
import { openEvents } from "../support/event-client.ts";
import { secretsIn, secretsInFiles, secretsInProcesses } from "../support/find-secrets.ts";
import { type GatewayProcess, startGatewayProcess } from "../support/gateway-process.ts";
import { type Answer, expectCreated, send } from "../support/http.ts";
import { opened, openSocket } from "../support/open-socket.ts";
import { type RfbServer, startRfbServer } from "../support/rfb-server.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";

const canary = (name: string): string => `canary-${name}-${randomBytes(12).toString("hex")}`;
const passphrase = canary("passphrase");
const { privateKey } = generateKeyPairSync("ed25519");
const cipher = { cipher: "aes-256-cbc", passphrase } as const;
const lockedKey = privateKey.export({ type: "pkcs8", format: "pem", ...cipher }).toString();
const plainKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** By name; every one of them is sent, and none of them may be seen again. */
const secrets: Record<string, string> = {
  password: canary("password"),
  passphrase,
  "wrong passphrase": canary("wrong-passphrase"),
  "locked key": lockedKey.split("\n")[1] ?? "",
  "plain key": plainKey.split("\n")[1] ?? "",
  "key seed": Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url").toString("latin1"),
  "bad key": canary("bad-key"),
  bearer: canary("bearer"),
  basic: canary("basic"),
  "x-api-key": canary("x-api-key"),
  cookie: canary("cookie"),
  "key of a swap": canary("swap"),
  ticket: canary("ticket"),
  "query password": canary("query"),
  "half JSON": canary("half-json"),
  "wrong type": canary("wrong-type"),
  "wrong place": canary("wrong-place"),
  "wrong media type": canary("wrong-media"),
  clipboard: canary("clipboard"),
  "answer to a question": canary("answer"),
  "VNC password": canary("vnc"),
  "RDP password": canary("rdp"),
  "RD gateway password": canary("rd-gateway"),
  "hop password": canary("hop"),
  "second hop password": canary("second-hop"),
  "hop passphrase": canary("hop-passphrase"),
  "older hop password": canary("older-hop"),
};

let folder: string;
let host: SshHost;
let desktop: RfbServer;
let gateway: GatewayProcess;
let admin: { authorization: string };
const answers: Answer[] = [];
const messages: string[][] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-canary-"));
  host = await startSshHost();
  desktop = await startRfbServer({ refuses: true });
  gateway = await startGatewayProcess(folder, {
    env: {
      SALLYPORT_GUACD_ADDRESSES: "",
      SALLYPORT_LOG_LEVEL: "trace",
      SALLYPORT_TARGETS_SSH_ALLOW: "127.0.0.0/8",
      SALLYPORT_TARGETS_RDP_ALLOW: "127.0.0.0/8",
      SALLYPORT_TARGETS_VNC_ALLOW: "127.0.0.0/8",
      SALLYPORT_SESSION_PROMPT_TIMEOUT_SECONDS: "2",
    },
  });
  secrets["admin key"] = gateway.firstKey ?? "";
  secrets["target password"] = host.password;
  admin = { authorization: `Bearer ${gateway.firstKey}` };
});
afterAll(async () => {
  await gateway.end("SIGKILL");
  await host.stop();
  desktop.close();
  await rm(folder, { recursive: true });
});

/** Sends it and keeps the answer for the search. */
const call = async (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) => {
  const answer = await send(gateway.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  answers.push(answer);
  return answer;
};
const target = () => ({ hostname: host.host, port: host.port, username: host.username });
const create = (fields: object) => call("POST", "/api/sessions", admin, { ...target(), ...fields });
const hop = () => ({ hostname: host.host, port: host.port, username: host.username });
const attach = async (id: string, query = "", headers: Record<string, string> = admin) => {
  const socket = opened(await openSocket(`${gateway.url}/ws/${id}${query}`, headers));
  messages.push(socket.messages);
  return socket;
};
const statusOf = async (id: string) => JSON.parse((await call("GET", `/api/sessions/${id}`, admin)).text).status;

test("the search itself finds a secret in a file, an argument and an environment, however it is written", async () => {
  const planted = { planted: canary("planted é") };
  const bytes = Buffer.from(planted.planted);
  for (const text of [
    planted.planted,
    bytes.toString("base64"),
    bytes.toString("hex"),
    `x=${encodeURIComponent(planted.planted)}`,
    Buffer.from(`user:${planted.planted}`).toString("base64"),
  ])
    expect(secretsIn(Buffer.from(text), planted), text).toEqual(["planted"]);
  expect(secretsIn("canary-planted", planted)).toEqual([]);
  const file = join(folder, "planted");
  await writeFile(file, bytes.toString("base64url"));
  expect(await secretsInFiles(folder, planted)).toEqual([`${file}: planted`]);
  const wait = "process.stdout.write('up'); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ["-e", wait, planted.planted], { env: { X: planted.planted } });
  await once(child.stdout, "data");
  const found = (await secretsInProcesses(planted)).filter((line) => line.includes(`/${child.pid}/`));
  child.kill("SIGKILL");
  expect(found).toHaveLength(2);
  await rm(file);
});

test("secrets are in no answer, log line, file, argument or environment, neither while they are used nor after", async () => {
  // What is refused.
  const s = (name: string): string => secrets[name] ?? "";
  const statuses = [
    await call("GET", "/api/me", { authorization: `Bearer ${s("bearer")}` }),
    await call("GET", "/api/me", { authorization: `Basic ${s("basic")}` }),
    await call("GET", "/api/me", { "x-api-key": s("x-api-key") }),
    await call("GET", "/api/me", { cookie: `sallyport=${s("cookie")}` }),
    await call("POST", "/auth/key", {}, { key: s("key of a swap") }),
    await call("POST", "/auth/key", {}, { kay: s("wrong place") }),
    await call("GET", `/ws/x?ticket=${s("ticket")}`, {}),
    await call("GET", `/api/nothing?password=${s("query password")}`, admin),
    await call("POST", "/api/sessions", admin, `{"password":"${s("half JSON")}`),
    await call(
      "POST",
      "/api/sessions",
      { ...admin, "content-type": "text/plain" },
      `password=${s("wrong media type")}`,
    ),
    await create({ password: { is: s("wrong type") } }),
    await create({ private_key: [s("wrong type")] }),
    await create({ passphrase: s("wrong place") }),
    await create({ jump_password: s("wrong place") }),
    await create({ colour: s("wrong place") }),
    await create({ jump_hosts: [{ ...hop(), password: [s("hop password")] }] }),
    await create({ jump_hosts: [{ ...hop(), secret: s("hop password") }] }),
    await create({ jump_hosts: [{ ...hop(), private_key: s("bad key") }] }),
    await create({ jump_hosts: [{ ...hop(), private_key: lockedKey, passphrase: s("hop passphrase") }] }),
    await create({ jump_hosts: [{ ...hop(), hostname: "8.8.8.8", password: s("hop password") }] }),
    await create({ password: s("password").repeat(200) }),
    await create({ password: s("password"), generate_keypair: true }),
    await create({ private_key: s("bad key") }),
    await create({ private_key: lockedKey, passphrase: s("wrong passphrase") }),
    await create({ private_key: `${plainKey}${s("bad key")}` }),
    await create({ hostname: "8.8.8.8", password: s("password") }),
    await call("POST", "/api/admin/keys", admin, { name: "ops", key: s("wrong place") }),
  ].map(({ status }) => status);
  expect(statuses.filter((status) => status < 400)).toEqual([]);

  // What is taken, and then fails at the target.
  const vnc = { session_type: "vnc", port: desktop.port };
  const rdp = { session_type: "rdp", port: desktop.port };
  const rdGateway = { gateway_hostname: "127.0.0.1", gateway_port: desktop.port, gateway_username: "ann" };
  for (const fields of [
    { ...vnc, password: s("VNC password") },
    { ...rdp, password: s("RDP password") },
    { ...rdp, password: s("RDP password"), ...rdGateway, gateway_password: s("RD gateway password") },
    { password: s("password") },
    { private_key: lockedKey, passphrase },
    { private_key: plainKey },
    { password: s("password"), port: 1 },
    { jump_hosts: [{ ...hop(), password: s("hop password") }] },
    { jump_hosts: [{ ...hop(), private_key: lockedKey, passphrase }] },
    {
      jump_hosts: [
        { ...hop(), password: host.password },
        { ...hop(), password: s("second hop password") },
      ],
    },
    { jump_host: host.host, jump_port: host.port, jump_username: "nobody", jump_password: s("older hop password") },
  ]) {
    const { session_id } = expectCreated(await create(fields));
    await (await attach(session_id, `?password=${s("query password")}`)).closed;
    expect(await statusOf(session_id)).toBe("ended");
  }
  const asked = await attach(expectCreated(await create({})).session_id);
  await expect.poll(() => asked.messages.join("")).toContain("8.required,8.password;");
  const typed = Buffer.from(s("answer to a question")).toString("base64");
  asked.socket.send(
    [
      ["argv", "0", "text/plain", "password"],
      ["blob", "0", typed],
      ["end", "0"],
    ]
      .map(encodeInstruction)
      .join(""),
  );
  await expect.poll(() => asked.messages.join("")).toContain("prompt_refused");
  await asked.closed;
  const locked = expectCreated(await create({ private_key: lockedKey }));
  const waiting = expectCreated(await create({ password: s("password"), private_key: lockedKey, passphrase }));

  // What works: a sign-in by key, and a session on the target.
  const swap = await send(`${gateway.url}/auth/key`, { method: "POST", body: { key: gateway.firstKey } });
  const cookie = swap.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  secrets.login = cookie.split("=")[1] ?? "";
  expect(secrets.login).toHaveLength(43);
  expect((await call("GET", "/api/me", { cookie })).status).toBe(200);
  // Keys over the API: only the answers that make them have them.
  const keyOf = ({ text }: Answer) => JSON.parse(text);
  const made = keyOf(
    await send(`${gateway.url}/api/admin/keys`, { method: "POST", headers: admin, body: { name: "ops" } }),
  );
  secrets["made key"] = made.key;
  const byMade = { authorization: `Bearer ${made.key}` };
  expect((await call("GET", "/api/me", byMade)).status).toBe(200);
  const rotate = `${gateway.url}/api/admin/keys/${made.id}/rotate`;
  secrets["rotated key"] = keyOf(await send(rotate, { method: "POST", headers: admin })).key;
  expect(secrets["rotated key"]).toMatch(/^sp_/);
  expect((await call("GET", "/api/me", byMade)).status).toBe(401);
  for (const path of ["/api/admin/keys", "/api/admin/known-hosts", "/api/about", "/api/v1/api-docs"])
    expect((await call("GET", path, admin)).status).toBe(200);
  const page = await openEvents(gateway.url, { authorization: `Bearer ${secrets["rotated key"]}` });
  const jump_hosts = [{ ...hop(), password: host.password }];
  const { session_id } = expectCreated(await create({ password: host.password, jump_hosts }));
  const given = await send(`${gateway.url}/api/ws-ticket`, { method: "POST", headers: admin, body: { session_id } });
  secrets["good ticket"] = JSON.parse(given.text).ticket;
  expect(secrets["good ticket"]).toMatch(/^wst_/);
  const query = `?ticket=${secrets["good ticket"]}`;
  expect((await call("GET", `/ws/${session_id}${query}`)).status).toBe(426);
  const live = await attach(session_id, query, {});
  expect((await call("GET", `/ws/${session_id}${query}`)).status).toBe(401);
  await expect.poll(() => statusOf(session_id), { timeout: 20_000 }).toBe("active");
  const clip = Buffer.from(s("clipboard")).toString("base64");
  live.socket.send(encodeInstruction(["clipboard", "0", "text/plain"]));
  live.socket.send(encodeInstruction(["blob", "0", clip]) + encodeInstruction(["end", "0"]));
  live.socket.send(encodeInstruction(["unknown", s("clipboard")]));

  expect(await secretsInProcesses(secrets)).toEqual([]);
  expect(await secretsInFiles(folder, secrets)).toEqual([]);

  await call("DELETE", `/api/sessions/${session_id}`, admin);
  for (const { session_id: id } of [waiting, locked]) await call("DELETE", `/api/sessions/${id}`, admin);
  await live.closed;
  await call("POST", "/auth/logout", { cookie, origin: gateway.url });
  expect((await call("POST", `/api/admin/keys/${made.id}/disable`, admin)).status).toBe(200);
  await page.ended;
  expect(page.events.length).toBeGreaterThan(3);
  expect(await gateway.end()).toBe(0);

  expect(await secretsInFiles(folder, secrets)).toEqual([]);
  for (const { headers, text } of answers) expect(secretsIn(JSON.stringify(headers) + text, secrets)).toEqual([]);
  expect(secretsIn(JSON.stringify(page.events), secrets)).toEqual([]);
  for (const heard of messages) expect(secretsIn(heard.join(""), secrets)).toEqual([]);
  expect(gateway.logs.map(({ level }) => level)).toContain("debug");
  expect(secretsIn(JSON.stringify(gateway.logs), secrets)).toEqual([]);
  // Beside the log there is one line more: the first key, shown once.
  expect(secretsIn(gateway.stderr(), secrets)).toEqual(["admin key"]);
  expect(gateway.stderr().split(s("admin key"))).toHaveLength(2);
});
