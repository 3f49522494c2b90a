import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type PeerCertificate } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GatewayProcess, startGatewayProcess } from "../support/gateway-process.ts";

const run = promisify(execFile);
let folder: string;
let gateway: GatewayProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-tls-"));
  // Requests of this file are to trust the certificates it makes.
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  await makeCertificate("first");
  gateway = await startGatewayProcess(folder, {
    env: {
      SALLYPORT_TLS_CERT_PATH: join(folder, "cert.pem"),
      SALLYPORT_TLS_KEY_PATH: join(folder, "key.pem"),
      SALLYPORT_TLS_HANDSHAKE_TIMEOUT_SECONDS: "1",
    },
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await gateway.end("SIGTERM");
  await rm(folder, { recursive: true, force: true });
});

test("with a certificate the gateway speaks https, and its cookies are Secure with the __Host- prefix", async () => {
  expect(gateway.url).toMatch(/^https:/);
  const response = await fetch(`${gateway.url}/auth/logout`, { redirect: "manual" });
  expect(response.status).toBe(302);
  expect(response.headers.get("set-cookie")).toMatch(/^__Host-sallyport=;.*HttpOnly.*Secure/);
});

test("SIGHUP takes a new certificate for new connections, and keeps the old one when the new is broken", async () => {
  expect((await certificate()).subject.CN).toBe("first");
  await makeCertificate("second");
  gateway.child.kill("SIGHUP");
  expect(await gateway.logged("certificate reread")).toMatchObject({ subject: "CN=second" });
  expect((await certificate()).subject.CN).toBe("second");
  await writeFile(join(folder, "cert.pem"), "not a certificate");
  gateway.child.kill("SIGHUP");
  expect(await gateway.logged("certificate refused, old one kept")).toMatchObject({ reasons: [expect.any(String)] });
  expect((await certificate()).subject.CN).toBe("second");
});

test("SIGHUP with a broken configuration still takes a renewed certificate", async () => {
  const file = join(folder, "sallyport.toml");
  await writeFile(file, "[server\n");
  await makeCertificate("third");
  gateway.child.kill("SIGHUP");
  await expect.poll(async () => (await certificate()).subject.CN).toBe("third");
  expect(gateway.logs.at(-2)).toMatchObject({ msg: "configuration refused, old values kept" });
  await rm(file);
});

test("a connection that never begins its handshake is closed when the handshake is due", async () => {
  const { hostname, port } = new URL(gateway.url);
  const silent = connectTcp(Number(port), hostname);
  await once(silent.resume(), "close");
  expect((await fetch(`${gateway.url}/api/health`)).status).toBe(200);
});

const makeCertificate = (name: string) =>
  run("openssl", [
    ...["req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "1", "-subj", `/CN=${name}`],
    ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")],
  ]);

/** What the gateway shows to a new connection. */
const certificate = async (): Promise<PeerCertificate> => {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, "secureConnect");
  const shown = socket.getPeerCertificate();
  socket.destroy();
  return shown;
};
