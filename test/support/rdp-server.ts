import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createSecureContext, type SecureVersion, TLSSocket } from "node:tls";
import type { TestCertificate } from "./certificates.ts";
import { portOf } from "./port-of.ts";

/** The beginning of an RDP server, for what no real one here can be brought to say. It speaks until TLS stands. */
export interface RdpServer {
  readonly port: number;
  /** What each connection said first, in their order. */
  readonly requests: readonly Buffer[];
  close(): void;
}

/** A Connection Confirm with a negotiation answer, or without one. */
export const confirm = (answer?: { type: number; value: number }): Buffer => {
  if (!answer) return Buffer.from([3, 0, 0, 11, 6, 0xd0, 0, 0, 0, 0, 0]);
  const bytes = Buffer.from([3, 0, 0, 19, 14, 0xd0, 0, 0, 0, 0, 0, answer.type, 0, 8, 0, 0, 0, 0, 0]);
  bytes.writeUInt32LE(answer.value, 15);
  return bytes;
};

export const selects = (protocol: number): Buffer => confirm({ type: 2, value: protocol });
export const refuses = (code: number): Buffer => confirm({ type: 3, value: code });

/** What a connection meets: an answer to its first words, then TLS with this certificate, where there is one. */
export interface RdpScript {
  readonly answer: Buffer;
  readonly certificate?: TestCertificate;
  readonly maxVersion?: SecureVersion;
}

/** `script` is asked anew for each connection, which is counted from 0. */
export const startRdpServer = async (script: (connection: number) => RdpScript): Promise<RdpServer> => {
  const requests: Buffer[] = [];
  const open = new Set<Socket>();
  const serve = async (socket: Socket): Promise<void> => {
    const { answer, certificate, maxVersion } = script(requests.length);
    const [bytes = Buffer.alloc(0)]: Buffer[] = await once(socket, "data");
    socket.pause();
    // A preconnection tells its length; what follows it is TLS already.
    const length = bytes[0] === 3 ? bytes.length : bytes.readUInt32LE();
    requests.push(bytes.subarray(0, length));
    if (length < bytes.length) socket.unshift(bytes.subarray(length));
    socket.write(answer);
    if (!certificate) return void socket.resume();
    const secureContext = createSecureContext({
      cert: certificate.pem,
      key: certificate.key,
      ...(maxVersion ? { maxVersion } : {}),
    });
    new TLSSocket(socket, { isServer: true, secureContext }).on("error", () => undefined).resume();
  };
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => open.delete(socket));
    serve(socket).catch(() => socket.destroy());
  }).listen(0, "127.0.0.1");
  const port = await portOf(server);
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { port, requests, close };
};
