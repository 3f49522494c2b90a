import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { Duplex } from "node:stream";
import { createSecureContext } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Road } from "../../src/core/endpoint.ts";
import { type RdpGreeting, type RdpGreetingRequest, readRdpCertificate } from "../../src/roads/read-rdp-certificate.ts";
import { type CertificateMaker, startCertificateMaker } from "../support/certificates.ts";
import { portOf } from "../support/port-of.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { confirm, type RdpScript, refuses, selects, startRdpServer } from "../support/rdp-server.ts";

// The certificate of an RDP server, read over a connection of our own.

let certificates: CertificateMaker;
beforeAll(async () => {
  certificates = await startCertificateMaker();
});
afterAll(() => certificates.remove());

const road: Road = {
  async connect(target) {
    const socket = connect(target);
    await once(socket, "connect");
    return socket;
  },
};

const ask = (port: number, request: Partial<RdpGreetingRequest> = {}): Promise<RdpGreeting> =>
  readRdpCertificate(
    road,
    { host: "127.0.0.1", port },
    {
      authorities: createSecureContext({ ca: [certificates.authority.pem] }),
      timeoutMs: 5000,
      signal: new AbortController().signal,
      ...request,
    },
  );

const askScripted = async (script: RdpScript, request: Partial<RdpGreetingRequest> = {}) => {
  const server = await startRdpServer(() => script);
  try {
    return { greeting: await ask(server.port, request), requests: server.requests };
  } finally {
    server.close();
  }
};

describe("a real server", () => {
  let host: RdpHost;
  beforeAll(async () => {
    host = await startRdpHost();
    return () => host.stop();
  }, 60_000);

  test("shows its certificate, which its own word alone vouches for", async () => {
    expect(await ask(host.port)).toMatchObject({
      kind: "certificate",
      chainFault: "DEPTH_ZERO_SELF_SIGNED_CERT",
      hasNla: false,
    });
  });

  test("whose certificate an authority has signed has no fault but its age", async () => {
    await host.showCertificate(await certificates.signed(["DNS:desk.example"]));
    expect(await ask(host.port)).toMatchObject({ kind: "certificate", chainFault: null });
    await host.showCertificate(await certificates.signed(["DNS:desk.example"], -1));
    expect(await ask(host.port)).toMatchObject({ kind: "certificate", chainFault: "CERT_HAS_EXPIRED" });
  });

  test("that takes RDP's own encryption alone has none to show", async () => {
    const plain = await startRdpHost({ securityLayer: "rdp" });
    expect(await ask(plain.port)).toEqual({ kind: "plain" });
    await plain.stop();
  });

  test("that wants TLS refuses to go without", async () => {
    const strict = await startRdpHost({ securityLayer: "tls" });
    expect(await ask(strict.port, { security: "rdp" })).toEqual({ kind: "refused", code: "SSL_REQUIRED_BY_SERVER" });
    await strict.stop();
  });
});

describe("what no real server here says", () => {
  test("NLA alone: who asks for less is refused, who asks for it is shown the certificate", async () => {
    const { greeting } = await askScripted({ answer: refuses(5) }, { security: "tls" });
    expect(greeting).toEqual({ kind: "refused", code: "HYBRID_REQUIRED_BY_SERVER" });
    const certificate = await certificates.signed(["DNS:desk.example"]);
    const asked = await askScripted({ answer: selects(2), certificate });
    expect(asked.greeting).toMatchObject({ kind: "certificate", chainFault: null, hasNla: true });
  });

  test("the negotiation arrives in pieces of any size, and TLS follows all the same", async () => {
    const certificate = await certificates.selfSigned();
    const server = await startRdpServer(() => ({ answer: selects(1), certificate }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 1 }), async (sizes) => {
        const inPieces: Road = { connect: async (target, signal) => chop(await road.connect(target, signal), sizes) };
        const request = { authorities: createSecureContext(), timeoutMs: 5000, signal: new AbortController().signal };
        const greeting = await readRdpCertificate(inPieces, { host: "127.0.0.1", port: server.port }, request);
        expect(greeting.kind).toBe("certificate");
      }),
      { numRuns: 20 },
    );
    server.close();
  });

  test("a machine chosen by its preconnection speaks TLS at once", async () => {
    const certificate = await certificates.selfSigned();
    const { greeting, requests } = await askScripted(
      { answer: Buffer.alloc(0), certificate },
      { preconnection: { blob: "vm" } },
    );
    expect(greeting).toMatchObject({ kind: "certificate", hasNla: null });
    expect(requests[0]?.subarray(18, 24).toString("utf16le")).toBe("vm\0");
  });

  test("what is no RDP server, or breaks off, is told apart", async () => {
    const answering = async (answer: Buffer) => (await askScripted({ answer })).greeting;
    expect(await answering(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"))).toEqual({ kind: "foreign" });
    expect(await answering(confirm())).toEqual({ kind: "plain" });
    expect(await withServer((socket) => socket.once("data", () => socket.end()))).toEqual({
      kind: "closed",
      isHeard: false,
    });
    expect(await withServer((socket) => socket.once("data", () => socket.end(selects(1).subarray(0, 6))))).toEqual({
      kind: "closed",
      isHeard: true,
    });
    const cut = (socket: Duplex) =>
      socket.once("data", () => socket.end(Buffer.concat([selects(1), Buffer.alloc(40)])));
    expect((await withServer(cut)).kind).toBe("tls_failed");
  });

  test("silence ends with its limit, and an abort ends it at once; the connection is closed either way", async () => {
    const gone = Promise.withResolvers<void>();
    const server = createServer((socket) => socket.resume().once("close", () => gone.resolve())).listen(0);
    const port = await portOf(server);
    expect(await ask(port, { timeoutMs: 100 })).toEqual({ kind: "silent" });
    await gone.promise;
    const stop = new AbortController();
    const asked = ask(port, { signal: stop.signal });
    stop.abort(new Error("the session ended"));
    await expect(asked).rejects.toThrow("the session ended");
    server.close();
  });
});

const withServer = async (serve: (socket: Duplex) => unknown): Promise<RdpGreeting> => {
  const server: Server = createServer((socket) => void serve(socket)).listen(0, "127.0.0.1");
  try {
    return await ask(await portOf(server));
  } finally {
    server.close();
  }
};

/** The stream, whose bytes arrive in pieces of these sizes, over and over. */
const chop = (inner: Duplex, sizes: readonly number[]): Duplex => {
  let turn = 0;
  const outer = new Duplex({
    read: () => void inner.resume(),
    write: (chunk: Buffer, _, done) => void inner.write(chunk, () => done()),
    final: (done) => void inner.end(() => done()),
    destroy: (error, done) => {
      inner.destroy();
      done(error);
    },
  });
  inner.on("data", (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      const size = sizes[turn++ % sizes.length] ?? 1;
      outer.push(chunk.subarray(at, at + size));
      at += size;
    }
  });
  inner.once("end", () => outer.push(null));
  return outer;
};
