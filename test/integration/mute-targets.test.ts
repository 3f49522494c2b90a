import { createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { portOf } from "../support/port-of.ts";
import { type SessionApi, sessionApi } from "../support/session-api.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// Targets that take the connection and say nothing: guacd knows no more of them than that there is no picture.

let gateway: TestGateway;
let api: SessionApi;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_FIRST_SYNC_TIMEOUT_SECONDS: "6",
    SALLYPORT_SSH_CONNECT_TIMEOUT_SECONDS: "6",
  });
  const { cookie } = await gateway.signIn("poweruser");
  api = sessionApi(gateway, cookie, { hostname: "127.0.0.1", username: "ann", password: "right" });
});
afterAll(() => gateway.close());

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Listens; gives its port. */
const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onConnection(socket);
  }).listen(0, "127.0.0.1");
  servers.push(server);
  const port = await portOf(server);
  return port;
};

/** An RDP target is asked for its certificate first, unless nobody wants to know. */
const kinds = [{ session_type: "vnc" }, { session_type: "rdp" }, { session_type: "rdp", ignore_cert: true }];

const endOf = async (fields: { session_type: string; port: number }) => {
  const id = await api.create(fields);
  const client = await api.attach(id);
  const { reason } = await client.closed;
  const { end_reason, end_detail } = await api.read(id);
  return { status: reason, end_reason, end_detail };
};

test.each(kinds)("a silent target of %j is told as silent, and guacd is not blamed", async (kind) => {
  const open = new Set<Socket>();
  const port = await listen((socket) => {
    open.add(socket.resume());
    socket.once("close", () => open.delete(socket));
  });
  expect(await endOf({ ...kind, port })).toEqual({
    status: "519",
    end_reason: "target_unreachable",
    end_detail: expect.stringMatching(
      new RegExp(`^127\\.0\\.0\\.1 takes connections on port ${port} but has said nothing for [56] s\\.$`),
    ),
  });
  await expect.poll(() => open.size).toBe(0);
});

test.each(kinds)("a target of %j that hangs up at once is told as such", async (kind) => {
  // The first connection is the gateway's own, which waits for guacd or asks for a certificate.
  const port = await listen((socket) => void socket.destroy());
  expect(await endOf({ ...kind, port })).toEqual({
    status: "519",
    end_reason: "target_unreachable",
    end_detail: `127.0.0.1 closed the connection on port ${port} without a word.`,
  });
});
