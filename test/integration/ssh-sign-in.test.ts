import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { generateKeyPair } from "../../src/ssh/generate-key-pair.ts";
import type { SshPrompt } from "../../src/ssh/sign-in.ts";
import { openTestClient } from "../support/open-test-client.ts";
import { portOf } from "../support/port-of.ts";
import { freePort, type SshHost, startSshHost } from "../support/ssh-host.ts";

const failure = (reason: string, detail: string | RegExp) => ({
  end: { reason, detail: typeof detail === "string" ? detail : expect.stringMatching(detail) },
});

describe("with a key", () => {
  let host: SshHost;
  beforeAll(async () => {
    host = await startSshHost({ passwordMethod: "none" });
  });
  afterAll(() => host.stop());

  test("one that the server does not know is refused by the names of server and user", async () => {
    const stranger = generateKeyPair().privateKey.reveal();
    await expect(
      openTestClient({ port: host.port, username: host.username, privateKey: stranger }),
    ).rejects.toMatchObject(failure("auth_failed", `127.0.0.1 refused the sign-in of ${host.username}.`));
  });

  test("no credentials at all are told as such", async () => {
    await expect(openTestClient({ port: host.port, username: host.username })).rejects.toMatchObject(
      failure("auth_failed", `127.0.0.1 wants a password or a key of ${host.username}, and none was given.`),
    );
  });
});

describe("with a password", () => {
  let host: SshHost;
  beforeAll(async () => {
    host = await startSshHost({ hostKeyTypes: ["ed25519", "rsa"] });
  });
  afterAll(() => host.stop());

  test("the right one signs in, also after a key that the server does not know", async () => {
    const { port, username, password } = host;
    const client = await openTestClient({
      port,
      username,
      password,
      privateKey: generateKeyPair().privateKey.reveal(),
    });
    client.close();
  });

  test("a wrong one is refused after one attempt", async () => {
    const { port, username } = host;
    const attempts = () => host.log().split("Failed password for").length - 1;
    const before = attempts();
    await expect(openTestClient({ port, username, password: "wrong" })).rejects.toMatchObject(
      failure("auth_failed", `127.0.0.1 refused the sign-in of ${username}.`),
    );
    expect(attempts() - before).toBe(1);
  });

  test("an abort ends the sign-in at once", async () => {
    const { port, username, password } = host;
    const abort = new AbortController();
    const opening = openTestClient({ port, username, password, signal: abort.signal });
    setImmediate(() => abort.abort(new Error("ended")));
    await expect(opening).rejects.toThrow("ended");
  });

  test("a server that goes away is told to whoever holds the connection", async () => {
    const { port, username, password } = host;
    const client = await openTestClient({ port, username, password });
    await host.restart();
    await expect(client.closed).resolves.toMatch(
      /^(127.0.0.1 closed the connection|The connection to 127.0.0.1 was lost)\.$/,
    );
  });
});

describe("by keyboard-interactive", () => {
  let host: SshHost;
  beforeAll(async () => {
    host = await startSshHost({ passwordMethod: "keyboard-interactive" });
  });
  afterAll(() => host.stop());

  test("the password answers the question that hides its input", async () => {
    const { port, username, password } = host;
    const client = await openTestClient({ port, username, password });
    client.close();
  });

  test("a wrong password is refused", async () => {
    const { port, username } = host;
    await expect(openTestClient({ port, username, password: "wrong" })).rejects.toMatchObject(
      failure("auth_failed", `127.0.0.1 refused the sign-in of ${username}.`),
    );
  });

  test("without a password the questions go to the person", async () => {
    const { port, username, password } = host;
    const asked: SshPrompt[] = [];
    const client = await openTestClient({
      port,
      username,
      answerPrompts: async (prompts) => {
        asked.push(...prompts);
        return [new Secret(password)];
      },
    });
    client.close();
    expect(asked).toEqual([{ text: "Password: ", isHidden: true }]);
  });
});

describe("what is no SSH server, or a bad one", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
    const server = createServer((socket) => {
      onTestFinished(() => void socket.destroy());
      onConnection(socket.on("error", () => undefined));
    }).listen(0, "127.0.0.1");
    servers.push(server);
    const port = await portOf(server);
    return port;
  };
  const open = (port: number) =>
    openTestClient({ port, username: "root", password: "x", timeouts: { keyExchangeMs: 200, authMs: 200 } });

  test("a silent one", async () => {
    const port = await listen((socket) => socket.resume());
    await expect(open(port)).rejects.toMatchObject(
      failure(
        "target_unreachable",
        `127.0.0.1 accepts connections on port ${port} but says nothing: silent for 0.2 s.`,
      ),
    );
  });

  test("one that speaks something else", async () => {
    const port = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await expect(open(port)).rejects.toMatchObject(
      failure("target_unreachable", `What answers at 127.0.0.1 on port ${port} is not an SSH server.`),
    );
  });

  test.each(["Exceeded MaxStartups", "Not allowed at this time"])(
    'one that takes in nobody more and says "%s" is not taken for something else',
    async (words) => {
      const busy = failure("target_unreachable", /^127\.0\.0\.1 takes in nobody more at this time: too many/);
      await expect(open(await listen((socket) => socket.end(`${words}\r\n`)))).rejects.toMatchObject(busy);
      // One that says so and keeps the line.
      await expect(open(await listen((socket) => void socket.write(`${words}\r\n`)))).rejects.toMatchObject(busy);
    },
  );

  test("one that hangs up without a word", async () => {
    const port = await listen((socket) => socket.end());
    await expect(open(port)).rejects.toMatchObject(
      failure("target_unreachable", /^127.0.0.1 closed the connection .* without a word/),
    );
  });

  test("one that resets", async () => {
    const port = await listen((socket) => void socket.once("data", () => socket.resetAndDestroy()));
    await expect(open(port)).rejects.toMatchObject(
      failure("target_unreachable", /^127.0.0.1 closed the connection .* without a word/),
    );
  });

  test("one that stops in the middle of the key exchange", async () => {
    const port = await listen((socket) => void socket.write("SSH-2.0-Stuck\r\n"));
    await expect(open(port)).rejects.toMatchObject(
      failure("target_unreachable", "127.0.0.1 did not finish the key exchange within 0.2 s."),
    );
  });

  test("one without any algorithm in common", async () => {
    const host = await startSshHost({ config: ["KexAlgorithms sntrup761x25519-sha512@openssh.com"] });
    onTestFinished(() => host.stop());
    await expect(
      openTestClient({ port: host.port, username: host.username, password: host.password }),
    ).rejects.toMatchObject(
      failure(
        "target_unreachable",
        "127.0.0.1 and the gateway have no way in common to encrypt: one of them is too old.",
      ),
    );
  });

  test("old gear that knows only SHA-1 and CBC still works", async () => {
    const host = await startSshHost({
      hostKeyTypes: ["rsa"],
      config: [
        "KexAlgorithms diffie-hellman-group14-sha1",
        "Ciphers aes128-cbc",
        "MACs hmac-sha1",
        "HostKeyAlgorithms ssh-rsa",
      ],
    });
    onTestFinished(() => host.stop());
    const client = await openTestClient({ port: host.port, username: host.username, password: host.password });
    client.close();
  });

  test("a port where nothing listens", async () => {
    const port = await freePort();
    await expect(open(port)).rejects.toMatchObject(
      failure("target_unreachable", `127.0.0.1 refuses connections on port ${port}: nothing listens there.`),
    );
  });
});
