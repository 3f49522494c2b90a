import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient } from "../support/tunnel-client.ts";

// What is missing to sign in is asked for in the page, and asked again when it was refused.

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const passphrase = "öffne dich";
const lockedKey = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
const sshBlob = Buffer.concat([
  Buffer.from("0000000b7373682d6564323535313900000020", "hex"),
  Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url"),
]);

let host: SshHost;
let gateway: TestGateway;
let api: SessionApi;
beforeAll(async () => {
  host = await startSshHost({ authorizedKeys: [`ssh-ed25519 ${sshBlob.toString("base64")}`] });
  gateway = await startTestGateway();
  api = await apiAt(gateway);
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

const apiAt = async (at: TestGateway) =>
  sessionApi(at, (await at.signIn("poweruser")).cookie, { hostname: host.host, port: host.port });

const asked = (client: TunnelClient): string[][] =>
  client.received.filter(([opcode]) => opcode === "required").map(([, ...names]) => names);
const nextQuestion = (client: TunnelClient, index: number) =>
  expect.poll(() => asked(client)[index], { timeout: 15_000 });
const endOf = async (client: TunnelClient) => {
  const { reason } = await client.closed;
  return { status: reason, notice: notices(client).at(-1) };
};

test("a user name and password that are missing are asked for before anything is dialled", async () => {
  const client = await api.attach(await api.create());
  await nextQuestion(client, 0).toEqual(["username", "password"]);
  answer(client, { username: host.username, password: host.password });
  await client.waitFor(isSync);
  expect(asked(client)).toHaveLength(1);
  client.send("disconnect");
});

test("a password alone is asked for when the server wants one", async () => {
  const client = await api.attach(await api.create({ username: host.username }));
  await nextQuestion(client, 0).toEqual(["password"]);
  answer(client, { password: host.password });
  await client.waitFor(isSync);
  client.send("disconnect");
});

test("a wrong password is asked for again, with the tries that are left, and the right one goes on in the same session", async () => {
  const id = await api.create({ username: host.username, password: "wrong" });
  const client = await api.attach(id);
  await nextQuestion(client, 0).toEqual(["username", "password"]);
  expect(notices(client)).toContainEqual({
    kind: "prompt_refused",
    tries_left: 2,
    detail: `127.0.0.1 refused the sign-in of ${host.username}.`,
  });
  expect(await api.read(id)).toMatchObject({ status: "pending", active_connections: 1 });
  answer(client, { username: host.username, password: host.password });
  await client.waitFor(isSync);
  client.send("disconnect");
});

test("three refusals end the session as auth_failed", async () => {
  const id = await api.create({ username: host.username, password: "wrong" });
  const client = await api.attach(id);
  for (const index of [0, 1]) {
    await nextQuestion(client, index).toEqual(["username", "password"]);
    answer(client, { username: host.username, password: `wrong ${index}` });
  }
  const refused = `127.0.0.1 refused the sign-in of ${host.username}.`;
  expect(await endOf(client)).toEqual({
    status: "769",
    notice: { kind: "ended", end_reason: "auth_failed", end_detail: refused },
  });
  await expect.poll(() => api.read(id)).toMatchObject({ end_reason: "auth_failed", end_detail: refused });
  expect(notices(client)).toContainEqual({ kind: "prompt_refused", tries_left: 1, detail: refused });
});

test("an encrypted key without its passphrase is taken, and the passphrase asked for, again when it is wrong", async () => {
  const client = await api.attach(await api.create({ username: host.username, private_key: lockedKey }));
  await nextQuestion(client, 0).toEqual(["passphrase"]);
  answer(client, { passphrase: "wrong" });
  await nextQuestion(client, 1).toEqual(["passphrase"]);
  answer(client, { passphrase });
  await client.waitFor(isSync);
  client.send("disconnect");
});

test("what was not asked for is refused, and an answer in many blobs arrives whole", async () => {
  const client = await api.attach(await api.create({ username: host.username }));
  await nextQuestion(client, 0).toEqual(["password"]);
  client.send("argv", "7", "text/plain", "font-size");
  expect(await client.waitFor(([opcode, stream]) => opcode === "ack" && stream === "7")).toContain("771");
  client.send("argv", "1", "text/plain", "password");
  for (const byte of Buffer.from(host.password)) client.send("blob", "1", Buffer.of(byte).toString("base64"));
  client.send("end", "1");
  await client.waitFor(isSync);
  client.send("argv", "2", "text/plain", "password");
  expect(await client.waitFor(([opcode, stream]) => opcode === "ack" && stream === "2")).toContain("771");
  client.send("disconnect");
});

test("a browser that comes back gets the open question and its refusal again, and its answer is taken", async () => {
  const id = await api.create({ username: host.username, password: "wrong" });
  const first = await api.attach(id);
  await nextQuestion(first, 0).toEqual(["username", "password"]);
  first.socket.terminate();
  const second = await api.attach(id);
  await nextQuestion(second, 0).toEqual(["username", "password"]);
  expect(notices(second)).toContainEqual(expect.objectContaining({ kind: "prompt_refused", tries_left: 2 }));
  expect(notices(second)).toContainEqual(expect.objectContaining({ kind: "step", step: "policy", state: "done" }));
  answer(second, { username: host.username, password: host.password });
  await second.waitFor(isSync);
  expect(await api.read(id)).toMatchObject({ active_connections: 1 });
  second.send("disconnect");
});

describe("a server's own questions", () => {
  let pam: SshHost;
  beforeAll(async () => {
    pam = await startSshHost({ passwordMethod: "keyboard-interactive" });
  });
  afterAll(() => pam.stop());

  test("are asked in its words, and the answers sign in", async () => {
    const client = await api.attach(await api.create({ hostname: pam.host, port: pam.port, username: pam.username }));
    await nextQuestion(client, 0).toEqual([expect.stringMatching(/Password$/)]);
    answer(client, { [asked(client)[0]?.[0] ?? ""]: pam.password });
    await client.waitFor(isSync);
    client.send("disconnect");
  });
});

describe("time", () => {
  let hasty: TestGateway;
  beforeAll(async () => {
    hasty = await startTestGateway({
      SALLYPORT_SESSION_PROMPT_TIMEOUT_SECONDS: "2",
      SALLYPORT_GUACD_FIRST_SYNC_TIMEOUT_SECONDS: "1",
    });
  });
  afterAll(() => hasty.close());

  test("a question that nobody answers ends the session as auth_failed and says so", async () => {
    const there = await apiAt(hasty);
    const client = await there.attach(await there.create({ username: host.username }));
    expect(await endOf(client)).toEqual({
      status: "769",
      notice: {
        kind: "ended",
        end_reason: "auth_failed",
        end_detail: "The question was not answered within 2 seconds.",
      },
    });
  });
});

test("a server that takes keys only ends the session as auth_failed and says so; nobody is asked for another password", async () => {
  const keysOnly = await startSshHost({ passwordMethod: "none" });
  onTestFinished(() => keysOnly.stop());
  const id = await api.create({ port: keysOnly.port, username: keysOnly.username, password: "any" });
  const client = await api.attach(id);
  expect(await endOf(client)).toMatchObject({
    status: "769",
    notice: { end_reason: "auth_failed", end_detail: expect.stringContaining("it wants a key") },
  });
  expect(asked(client)).toEqual([]);
});
