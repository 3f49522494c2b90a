import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createDirectRoad } from "../../../src/roads/direct-road.ts";
import { resolveName } from "../../../src/roads/resolve-name.ts";
import { createTargetCheck } from "../../../src/roads/target-check.ts";
import { createTargetPolicy } from "../../../src/roads/target-policy.ts";
import { portOf } from "../../support/port-of.ts";

const open: Server[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of open.splice(0)) server.close();
});

const listen = async (host = "127.0.0.1", onConnection = (socket: Socket) => void socket.resume()) => {
  const server = createServer(onConnection).listen(0, host);
  open.push(server);
  const port = await portOf(server);
  return { server, port };
};

const policy = createTargetPolicy({ allow: { ssh: ["127.0.0.0/8"] }, ownListeners: () => [] });
const road = (resolve = resolveName, connectTimeoutMs = 2_000) =>
  createDirectRoad({ policy, protocol: "ssh", resolve, connectTimeoutMs });
const never = new AbortController().signal;

const fails = (reason: string, detail: string) => ({ end: { reason, detail } });

test("reaches a listener, and switches Nagle's algorithm off", async () => {
  const { port } = await listen();
  const noDelay = vi.spyOn(Socket.prototype, "setNoDelay");
  const stream = await road().connect({ host: "127.0.0.1", port }, never);
  expect(noDelay).toHaveBeenCalledWith(true);
  stream.destroy();
});

test("a closed port is told as refused", async () => {
  const { server, port } = await listen();
  server.close();
  await once(server, "close");
  await expect(road().connect({ host: "127.0.0.1", port }, never)).rejects.toMatchObject(
    fails("target_unreachable", `127.0.0.1 refuses connections on port ${port}: nothing listens there.`),
  );
});

test("an unknown name is told as unknown", async () => {
  const unknown = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
  await expect(road(unknown).connect({ host: "db-1", port: 22 }, never)).rejects.toMatchObject(
    fails("target_unreachable", "The name db-1 is not known to the gateway."),
  );
});

test("a silent name server ends within the limit and is told as such", async () => {
  const silent = () => new Promise<string[]>(() => undefined);
  await expect(road(silent, 20).connect({ host: "db-1", port: 22 }, never)).rejects.toMatchObject(
    fails("target_unreachable", "The name db-1 cannot be looked up: the gateway's name server does not answer."),
  );
});

test("a silent target ends within the limit and is told as silent", async () => {
  const silentRoad = createDirectRoad({
    policy: createTargetPolicy({ allow: { ssh: ["198.18.0.0/15"] }, ownListeners: () => [] }),
    protocol: "ssh",
    resolve: resolveName,
    connectTimeoutMs: 100,
  });
  vi.spyOn(Socket.prototype, "connect").mockImplementation(function (this: Socket) {
    return this;
  });
  await expect(silentRoad.connect({ host: "198.18.0.1", port: 22 }, never)).rejects.toMatchObject(
    fails(
      "target_unreachable",
      "198.18.0.1 does not answer on port 22: silent for 0.1 s. It is off, or a firewall drops the traffic.",
    ),
  );
});

test("what the policy forbids is never dialled", async () => {
  const connect = vi.spyOn(Socket.prototype, "connect");
  await expect(road().connect({ host: "10.0.0.1", port: 22 }, never)).rejects.toMatchObject({
    end: { reason: "target_not_allowed" },
  });
  const mixed = async () => ["127.0.0.1", "169.254.169.254"];
  await expect(road(mixed).connect({ host: "db-1", port: 22 }, never)).rejects.toMatchObject(
    fails("target_not_allowed", "The gateway may not reach db-1 (169.254.169.254). It is a metadata address."),
  );
  expect(connect).not.toHaveBeenCalled();
});

test("a name is resolved once, and the address that was checked is the one dialled", async () => {
  const { port } = await listen("127.0.0.3");
  const answers = [["127.0.0.3"], ["127.0.0.4"]];
  const resolve = vi.fn(async () => answers.shift() ?? []);
  const stream = await road(resolve).connect({ host: "rebinding.example", port }, never);
  expect(resolve).toHaveBeenCalledOnce();
  expect(stream).toHaveProperty("remoteAddress", "127.0.0.3");
  stream.destroy();
});

test("when a name's first address refuses, its next one is tried", async () => {
  const { port } = await listen("127.0.0.3");
  const stream = await road(async () => ["127.0.0.2", "127.0.0.3"]).connect({ host: "db-1", port }, never);
  expect(stream).toHaveProperty("remoteAddress", "127.0.0.3");
  stream.destroy();
});

test("an abort stops the dial at once", async () => {
  const abort = new AbortController();
  vi.spyOn(Socket.prototype, "connect").mockImplementation(function (this: Socket) {
    return this;
  });
  const dialling = road().connect({ host: "127.0.0.1", port: 22 }, abort.signal);
  abort.abort(new Error("ended"));
  await expect(dialling).rejects.toThrow("ended");
});

test("POST's check refuses addresses and names that resolve to forbidden ones, and lets unknown names pass", async () => {
  const checkTargetEarly = createTargetCheck({
    policy,
    resolve: async (host) => {
      if (host === "unknown") throw new Error("ENOTFOUND");
      return host === "meta" ? ["169.254.169.254"] : [host];
    },
  });
  const check = (host: string) => checkTargetEarly({ protocol: "ssh", target: { host, port: 22 }, hops: [] }, never);
  await expect(check("10.0.0.1")).rejects.toMatchObject({ code: "target_not_allowed" });
  await expect(check("meta")).rejects.toMatchObject({
    code: "target_not_allowed",
    detail: "The gateway may not reach meta (169.254.169.254). It is a metadata address.",
  });
  await expect(check("127.0.0.1")).resolves.toBeUndefined();
  await expect(check("unknown")).resolves.toBeUndefined();
});
