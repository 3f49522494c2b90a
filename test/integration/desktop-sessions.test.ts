import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { freePort, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// VNC and RDP sessions on real servers, as far as no browser is needed: sign-in, causes, coming back, sizes.

let gateway: TestGateway;
let cookie: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ cookie } = await gateway.signIn("poweruser"));
});
afterAll(() => gateway.close());

const start = async (api: SessionApi, fields: object = {}) => {
  const id = await api.create(fields);
  const client = await api.attach(id);
  return { id, client };
};
const draw = async (client: TunnelClient) => {
  await client.waitFor(([opcode, layer]) => opcode === "size" && layer === "0");
  await client.waitFor(isSync);
};
const asked = (client: TunnelClient) => client.received.filter(([opcode]) => opcode === "required");
const question = (client: TunnelClient, index: number) =>
  expect.poll(() => asked(client)[index]?.slice(1), { timeout: 15_000 });
const fileHolds = (home: string, name: string, text: string | RegExp) =>
  expect.poll(() => readFile(join(home, name), "utf8").catch(() => ""), { timeout: 10_000 }).toMatch(text);
const endOf = async (api: SessionApi, id: string, client: TunnelClient) => {
  const { reason } = await client.closed;
  const { end_reason, end_detail } = await api.read(id);
  expect(notices(client).at(-1)).toEqual({ kind: "ended", end_reason, end_detail });
  return { status: reason, end_reason, end_detail };
};
const pictureAgain = async (api: SessionApi, id: string) => {
  const client = await api.attach(id);
  await draw(client);
  return client;
};

describe("VNC", () => {
  let host: VncHost;
  let api: SessionApi;
  beforeAll(async () => {
    host = await startVncHost();
    api = sessionApi(gateway, cookie, { session_type: "vnc", hostname: host.host, port: host.port });
    return () => host.stop();
  });

  test("with the password draws the screen, and typed keys reach its shell", async () => {
    const { id, client } = await start(api, { password: host.password });
    await draw(client);
    typeText(client, "echo vnc > typed.txt\n");
    await fileHolds(host.home, "typed.txt", /^vnc\n$/);
    await expect.poll(async () => (await api.read(id)).status).toBe("active");
    client.send("disconnect");
  });

  test("without one asks for it, as guacd wants", async () => {
    const { client } = await start(api);
    await question(client, 0).toEqual(["password"]);
    answer(client, { password: host.password });
    await draw(client);
    expect(asked(client)).toHaveLength(1);
    client.send("disconnect");
  });

  test("with a wrong one asks again, with the tries that are left, and the right one goes on in the same session", async () => {
    const { id, client } = await start(api, { password: "wrong" });
    await question(client, 0).toEqual(["password"]);
    expect(notices(client)).toContainEqual(expect.objectContaining({ kind: "prompt_refused", tries_left: 2 }));
    answer(client, { password: host.password });
    await draw(client);
    expect((await api.read(id)).session_id).toBe(id);
    client.send("disconnect");
  });

  test("refused three times ends as auth_failed, though guacd only says that it is unreachable", async () => {
    const other = await startVncHost();
    const { id, client } = await start(api, { port: other.port, password: "wrong" });
    for (const index of [0, 1]) {
      await question(client, index).toEqual(["password"]);
      answer(client, { password: `bad${index}` });
    }
    expect(await endOf(api, id, client)).toMatchObject({ status: "769", end_reason: "auth_failed" });
    await other.stop();
  });

  test("a wrong password behind an encrypted sign-in, which cannot be seen, is asked for again too", async () => {
    const other = await startVncHost({ securityTypes: "TLSVnc" });
    const { client } = await start(api, { port: other.port, password: "wrong" });
    await question(client, 0).toEqual(["password"]);
    answer(client, { password: other.password });
    await draw(client);
    client.send("disconnect");
    await client.closed;
    await other.stop();
  });

  test("what is no VNC server is told so", async () => {
    const ssh = await startSshHost();
    const { id, client } = await start(api, { port: ssh.port });
    expect(await endOf(api, id, client)).toMatchObject({
      end_reason: "target_unreachable",
      end_detail: `What answers at 127.0.0.1 on port ${ssh.port} is not a VNC server.`,
    });
    await ssh.stop();
  });

  test("a lost browser comes back to the whole picture, and nothing it held stays pressed", async () => {
    const { id, client } = await start(api, { password: host.password });
    await draw(client);
    client.send("key", "65507", "1");
    client.send("key", "97", "1");
    await expect.poll(async () => (await host.display.pressedKeys()).length, { timeout: 5_000 }).toBe(2);
    client.socket.terminate();
    await expect.poll(() => host.display.pressedKeys(), { timeout: 5_000 }).toEqual([]);
    const back = await pictureAgain(api, id);
    typeText(back, "echo back > back.txt\n");
    await fileHolds(host.home, "back.txt", /^back\n$/);
    back.send("disconnect");
  });

  test("a target that goes away in the middle ends the session, and says that it was lost", async () => {
    const other = await startVncHost({ password: null });
    const { id, client } = await start(api, { port: other.port });
    await draw(client);
    await other.stop();
    expect(await endOf(api, id, client)).toMatchObject({
      end_detail: "The connection to 127.0.0.1 was lost: it went away, or the network in between failed.",
    });
  });

  test("causes come from our own dial: refused, unknown, not a VNC server", async () => {
    const port = await freePort();
    const refused = await start(api, { port });
    expect(await endOf(api, refused.id, refused.client)).toEqual({
      status: "519",
      end_reason: "target_unreachable",
      end_detail: `127.0.0.1 refuses connections on port ${port}: nothing listens there.`,
    });
    const unknown = await start(api, { hostname: "no-such-host.invalid" });
    expect(await endOf(api, unknown.id, unknown.client)).toMatchObject({
      status: "519",
      end_detail: "The name no-such-host.invalid is not known to the gateway.",
    });
  });
});

describe("RDP", () => {
  let host: RdpHost;
  let api: SessionApi;
  beforeAll(async () => {
    host = await startRdpHost();
    api = sessionApi(gateway, cookie, {
      session_type: "rdp",
      hostname: host.host,
      port: host.port,
      username: host.username,
      password: host.password,
    });
    return () => host.stop();
  }, 60_000);

  /** xrdp loses keys while its desktop comes up or changes its size. */
  const typeUntilThere = (client: TunnelClient, word: string) =>
    expect
      .poll(
        async () => {
          typeText(client, `echo ${word} > ${word}.txt\n`);
          return readFile(join(host.home, `${word}.txt`), "utf8").catch(() => "");
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(`${word}\n`);

  test("draws the desktop, typed keys reach its shell, and a new size changes it", async () => {
    const { id, client } = await start(api);
    await draw(client);
    await expect.poll(async () => (await api.read(id)).status, { timeout: 10_000 }).toBe("active");
    await typeUntilThere(client, "rdp");
    client.send("size", "900", "640");
    await expect.poll(() => host.display.size(), { timeout: 10_000 }).toEqual({ width: 900, height: 640 });
    client.socket.terminate();
    const back = await pictureAgain(api, id);
    await expect.poll(() => host.display.size(), { timeout: 10_000 }).toEqual({ width: 800, height: 600 });
    await typeUntilThere(back, "back");
    back.send("disconnect");
  }, 60_000);

  test("a security that the server does not speak says so", async () => {
    const { id, client } = await start(api, { security: "nla", ignore_cert: true });
    const end = await endOf(api, id, client);
    expect(end).toMatchObject({ status: "519", end_reason: "target_unreachable" });
    expect(end.end_detail).toContain("Security negotiation failed (wrong security type?)");
  });

  test("a port where nothing listens is told by our own dial", async () => {
    const port = await freePort();
    const { id, client } = await start(api, { port });
    expect(await endOf(api, id, client)).toMatchObject({
      end_reason: "target_unreachable",
      end_detail: `127.0.0.1 refuses connections on port ${port}: nothing listens there.`,
    });
  });
});
