import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { generateKeyPair } from "../../src/ssh/generate-key-pair.ts";
import { type HopHosts, type JumpHost, jumpHost, startHopHosts } from "../support/hop-hosts.ts";
import { startScriptedSshServer } from "../support/scripted-ssh-server.ts";
import { answer, isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { notices, type TunnelClient, typeText } from "../support/tunnel-client.ts";
import { startVncHost } from "../support/vnc-host.ts";

// A hop that wants to know more than a password or a key, as with one-time codes: the person on the page is asked.

let gateway: TestGateway;
let chain: HopHosts;
let target: SshHost;
let strict: SshHost;
let hop: JumpHost;
let api: SessionApi;
beforeAll(async () => {
  chain = await startHopHosts(2);
  const { privateKey, publicLine } = generateKeyPair();
  const config = ["AuthenticationMethods publickey,keyboard-interactive"];
  [gateway, target, strict] = await Promise.all([
    startTestGateway(),
    startSshHost({ place: chain.target, port: 22 }),
    startSshHost({
      place: chain.places[1],
      passwordMethod: "keyboard-interactive",
      authorizedKeys: [publicLine],
      config,
    }),
  ]);
  const { password: _, ...keyless } = jumpHost(strict);
  hop = { ...keyless, private_key: privateKey.reveal() };
  const { username, password } = target;
  const fields = { hostname: chain.targetBehind(2), port: 22, username, password };
  api = sessionApi(gateway, (await gateway.signIn("poweruser")).cookie, fields);
}, 60_000);
afterAll(async () => {
  await Promise.all([gateway?.close(), target?.stop(), strict?.stop()]);
  await chain?.stop();
});

const asked = (client: TunnelClient): string[] =>
  client.received
    .filter(([opcode, ...names]) => opcode === "required" && names.length > 0)
    .map(([, name = ""]) => name);
/** The question with that number, from 0. */
const question = async (client: TunnelClient, index: number): Promise<string> => {
  await expect.poll(() => asked(client)[index], { timeout: 15_000 }).toBeDefined();
  return asked(client)[index] ?? "";
};
const endOf = async (id: string, client: TunnelClient) => {
  await client.closed;
  const { end_reason, end_detail } = await api.read(id);
  return { end_reason, end_detail };
};
const playHop = async (onSignIn: Parameters<typeof startScriptedSshServer>[0]): Promise<JumpHost> => {
  const server = await startScriptedSshServer(onSignIn, ["keyboard-interactive"]);
  onTestFinished(() => server.close());
  return { hostname: "127.0.0.1", port: server.port, username: "ann", password: "right" };
};

test("a real sshd that wants a key and an answer gets both, its question names the hop, and the session goes on through it", async () => {
  const client = await api.attach(await api.create({ jump_hosts: [chain.hop(1), hop] }));
  const name = await question(client, 0);
  expect(name).toMatch(new RegExp(`^Hop 2, ${hop.hostname}: .*Password$`));
  answer(client, { [name]: strict.password });
  await client.waitFor(isSync);
  typeText(client, "echo through > through.txt\n");
  await expect.poll(() => readFile(join(target.home, "through.txt"), "utf8").catch(() => "")).toBe("through\n");
  expect(asked(client)).toHaveLength(1);
  client.send("disconnect");
});

test("a desktop behind such a hop is reached as well", async () => {
  const desktop = await startVncHost({ place: chain.target });
  onTestFinished(() => desktop.stop());
  const { port, password } = desktop;
  const fields = { session_type: "vnc", port, password, username: null };
  const client = await api.attach(await api.create({ ...fields, jump_hosts: [chain.hop(1), hop] }));
  answer(client, { [await question(client, 0)]: strict.password });
  await client.waitFor(isSync);
  client.send("disconnect");
});

test("a refused answer is told and asked again on a new connection, and the third ends the session naming the hop", async () => {
  const id = await api.create({ jump_hosts: [chain.hop(1), hop] });
  const client = await api.attach(id);
  const detail = `Hop 2, ${hop.hostname}: ${hop.hostname} refused the sign-in of ${hop.username}.`;
  for (const index of [0, 1, 2]) answer(client, { [await question(client, index)]: "wrong" });
  expect(await endOf(id, client)).toEqual({ end_reason: "hop_failed", end_detail: detail });
  expect(notices(client)).toEqual(
    expect.arrayContaining([2, 1].map((tries_left) => ({ kind: "prompt_refused", tries_left, detail }))),
  );
}, 60_000);

test("a refused answer that is right at the second try goes on in the same session", async () => {
  const client = await api.attach(await api.create({ jump_hosts: [chain.hop(1), hop] }));
  answer(client, { [await question(client, 0)]: "wrong" });
  answer(client, { [await question(client, 1)]: strict.password });
  await client.waitFor(isSync);
  client.send("disconnect");
}, 30_000);

test("the password of a hop answers its hidden question and never the one for a code, which the person answers", async () => {
  const given: string[] = [];
  const codes = await playHop((context) => {
    if (context.method !== "keyboard-interactive") return context.reject();
    const prompts = [
      { prompt: "Password: ", echo: false },
      { prompt: "Verification code: ", echo: false },
    ];
    context.prompt(prompts, (answers) => {
      given.push(...answers);
      context.reject();
    });
  });
  const client = await api.attach(await api.create({ jump_hosts: [codes] }));
  const name = await question(client, 0);
  expect(name).toBe("Hop 1, 127.0.0.1: Verification code");
  answer(client, { [name]: "123456" });
  await question(client, 1);
  expect(given).toEqual(["right", "123456"]);
  client.send("disconnect");
});

test("a browser that comes back hears which hop it is before the question", async () => {
  const id = await api.create({ jump_hosts: [chain.hop(1), hop] });
  const first = await api.attach(id);
  const name = await question(first, 0);
  first.socket.terminate();
  const second = await api.attach(id);
  expect(await question(second, 0)).toBe(name);
  const opcodes = second.received.map(([opcode]) => opcode);
  expect(opcodes.indexOf("required")).toBeGreaterThan(opcodes.lastIndexOf("sp-notice"));
  expect(notices(second).at(-1)).toMatchObject({ kind: "step", step: "hop", hop: 2, state: "running" });
  second.send("disconnect");
});

test("a hop that hangs up while it waits for an answer ends the session", async () => {
  const hasty = await playHop((context, connection) => {
    if (context.method !== "keyboard-interactive") return context.reject();
    context.prompt([{ prompt: "Verification code: ", echo: false }], () => undefined);
    hangUp = () => void connection.end();
  });
  let hangUp: () => void = () => undefined;
  const id = await api.create({ jump_hosts: [hasty] });
  const client = await api.attach(id);
  await question(client, 0);
  hangUp();
  expect(await endOf(id, client)).toEqual({
    end_reason: "hop_failed",
    end_detail: "Hop 1, 127.0.0.1: 127.0.0.1 refused the sign-in of ann.",
  });
});

test("nobody is asked for a hop that was given neither password nor key", async () => {
  const asking = await startSshHost({ place: chain.places[0], passwordMethod: "keyboard-interactive" });
  onTestFinished(() => asking.stop());
  const { hostname, port, username } = jumpHost(asking);
  const id = await api.create({ jump_hosts: [{ hostname, port, username }] });
  const client = await api.attach(id);
  expect(await endOf(id, client)).toMatchObject({
    end_reason: "hop_failed",
    end_detail: `Hop 1, ${hostname}: ${hostname} wants a password or a key of ${username}, and none was given.`,
  });
  expect(asked(client)).toEqual([]);
});
