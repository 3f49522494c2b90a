import { afterAll, beforeAll, expect, test } from "vitest";
import { expectProblem, send } from "../support/http.ts";
import { openTestClient } from "../support/open-test-client.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { type WrittenKey, writeKeys } from "../support/write-keys.ts";

// Every private key that ssh-keygen and OpenSSL write signs in to a real OpenSSH server, as a target and as a hop.

let keys: readonly WrittenKey[];
let host: SshHost;
let gateway: TestGateway;
let api: SessionApi;
let headers: Record<string, string>;
beforeAll(async () => {
  [keys, gateway] = await Promise.all([writeKeys(), startTestGateway({ SALLYPORT_SESSION_MAX_PER_USER: "1000" })]);
  host = await startSshHost({ authorizedKeys: keys.map(({ publicLine }) => publicLine) });
  headers = { authorization: `Bearer ${gateway.adminKey}` };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, targetOf(host));
}, 120_000);
afterAll(async () => {
  await Promise.all([gateway?.close(), host?.stop()]);
});

const hopWith = ({ privateKey, passphrase }: WrittenKey) => ({
  hostname: host.host,
  port: host.port,
  username: host.username,
  private_key: privateKey,
  passphrase: passphrase ?? null,
});
const create = (fields: object) =>
  send(`${gateway.url}/api/sessions`, {
    method: "POST",
    headers,
    body: { hostname: host.host, username: "u", ...fields },
  });

test("each signs in to the target", async () => {
  for (const { name, privateKey, passphrase } of keys) {
    const { port, username } = host;
    const options = { port, username, privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
    const client = await openTestClient(options).catch((cause: unknown) => {
      throw new Error(`${name} does not sign in`, { cause });
    });
    client.close();
    await client.closed;
  }
  expect(host.log().match(/Accepted publickey/g)).toHaveLength(keys.length);
  expect(keys.length).toBeGreaterThanOrEqual(50);
}, 60_000);

test("each signs in to a hop, eight hops a session", async () => {
  for (let start = 0; start < keys.length; start += 8) {
    const eight = keys.slice(start, start + 8);
    const id = await api.create({ jump_hosts: eight.map(hopWith) });
    const client = await api.attach(id);
    await client.waitFor(isSync).catch(async (cause: unknown) => {
      const { end_detail } = await api.read(id);
      throw new Error(`${end_detail} ${eight.map(({ name }) => name).join("; ")}`, { cause });
    });
    client.send("disconnect");
    await client.closed;
  }
}, 60_000);

test("a wrong passphrase is 400 on its field when the session is made, of a target and of a hop", async () => {
  const encrypted = keys.filter(({ name, passphrase }) => passphrase !== undefined && /P-256|25519/.test(name));
  for (const key of encrypted) {
    const wrong = { private_key: key.privateKey, passphrase: "canary" };
    const ofTarget = expectProblem(await create(wrong), 400, "invalid_request", "passphrase");
    const jump_hosts = [{ ...hopWith(key), ...wrong }];
    const ofHop = expectProblem(await create({ jump_hosts }), 400, "invalid_request", "jump_hosts[0].passphrase");
    const expected = "The passphrase does not open this key.";
    expect([key.name, ofTarget.detail, ofHop.detail]).toEqual([key.name, expected, expected]);
  }
  expect(encrypted.length).toBeGreaterThan(20);
}, 120_000);

test("what the gateway does not open is refused by its name, not as a wrong passphrase", async () => {
  const putty = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 2\n";
  const { detail } = expectProblem(await create({ private_key: putty }), 400, "invalid_request", "private_key");
  expect(detail).toBe("This is a PuTTY key. Export it as an OpenSSH key in PuTTYgen first.");
});
