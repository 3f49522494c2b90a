import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type CertificateMaker, startCertificateMaker, type TestCertificate } from "../support/certificates.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { type RdpScript, refuses, selects, startRdpServer } from "../support/rdp-server.ts";
import { isSync, type SessionApi, sessionApi } from "../support/session-api.ts";
import { startSshHost } from "../support/ssh-host.ts";
import { targetOf } from "../support/target-of.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// Which certificates an RDP session takes, on a real xrdp and a real guacd, and what it says of the others.

let certificates: CertificateMaker;
let gateway: TestGateway;
let api: SessionApi;
let host: RdpHost;
const authorities = getCACertificates("default");
beforeAll(async () => {
  certificates = await startCertificateMaker();
  // As NODE_EXTRA_CA_CERTS would have it.
  setDefaultCACertificates([...authorities, certificates.authority.pem]);
  [gateway, host] = await Promise.all([startTestGateway(), startRdpHost()]);
  const { cookie } = await gateway.signIn("poweruser", "ann@example.com");
  api = sessionApi(gateway, cookie, { session_type: "rdp", ...targetOf(host) });
}, 60_000);
afterAll(async () => {
  setDefaultCACertificates(authorities);
  await gateway?.close();
  await host?.stop();
  await certificates?.remove();
});

const draws = async (fields: object = {}) => {
  const client = await api.attach(await api.create(fields));
  await client.waitFor(isSync);
  client.send("disconnect");
  await client.closed;
};
const endOf = async (fields: object = {}) => {
  const id = await api.create(fields);
  const { reason } = await (await api.attach(id)).closed;
  const { end_reason, end_detail } = await api.read(id);
  return { status: reason, end_reason, end_detail: end_detail ?? "" };
};
const known = async () =>
  (await gateway.knownHosts.list()).map(({ path, host: name, port, keyType, fingerprint, firstSeenBy }) => ({
    ...{ path, host: name, port, keyType, fingerprint, firstSeenBy },
  }));
const forgetAll = async () => {
  for (const { id } of await gateway.knownHosts.list()) await gateway.knownHosts.forget(id, gateway.actor);
};
const inHex = /SHA256:(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/;
const bothShown = new RegExp(`Now: ${inHex.source}\\. Expected: ${inHex.source}\\.`);

/** A server that says what the script has for each connection, counted from 0. */
const scripted = async (script: (connection: number) => RdpScript): Promise<{ hostname: string; port: number }> => {
  const server = await startRdpServer(script);
  onTestFinished(() => server.close());
  return { hostname: "127.0.0.1", port: server.port };
};

describe("a certificate of its own", () => {
  test("is trusted on first use, remembered by place and first visitor, and taken again", async () => {
    await draws();
    await draws();
    expect(await known()).toEqual([
      {
        path: "",
        host: "127.0.0.1",
        port: host.port,
        keyType: "x509",
        fingerprint: expect.stringMatching(inHex),
        firstSeenBy: "ann@example.com",
      },
    ]);
  });

  test("that has changed is refused with both fingerprints, and the old one stays known", async () => {
    const before = await known();
    await host.showCertificate(await certificates.selfSigned());
    const end = await endOf();
    expect(end).toMatchObject({ status: "519", end_reason: "certificate_untrusted" });
    expect(end.end_detail).toMatch(bothShown);
    expect(end.end_detail).toContain(`Expected: ${before[0]?.fingerprint}.`);
    expect((await known()).filter(({ fingerprint }) => fingerprint === before[0]?.fingerprint)).toEqual(before);
    await draws({ ignore_cert: true });
  });
});

describe("a certificate that an authority has signed", () => {
  const show = async (names: string[], days?: number): Promise<TestCertificate> => {
    const certificate = await certificates.signed(names, days);
    await host.showCertificate(certificate);
    return certificate;
  };

  test("under the target's name is taken and not remembered, and so is the next one", async () => {
    await forgetAll();
    await show(["DNS:desk.example", "IP:127.0.0.1"]);
    await draws();
    await show(["IP:127.0.0.1"]);
    await draws();
    expect(await known()).toEqual([]);
  });

  test("is taken even where another one is known", async () => {
    await forgetAll();
    await host.showCertificate(await certificates.selfSigned());
    await draws();
    await show(["IP:127.0.0.1"]);
    await draws();
    expect(await known()).toHaveLength(1);
  });

  test.each([
    ["under another name", ["DNS:desk.example", "DNS:127.0.0.1"], 2],
    ["and that has expired", ["IP:127.0.0.1"], -1],
  ] as const)("%s counts no more than one of its own", async (_, names, days) => {
    await forgetAll();
    await host.showCertificate(await certificates.selfSigned());
    await draws();
    await show([...names], days);
    expect(await endOf()).toMatchObject({ end_reason: "certificate_untrusted" });
  });
});

describe("guacd's own connection, which comes after the check", () => {
  test.each([
    ["1.3, which hides it", "TLSv1.3"],
    ["1.2", "TLSv1.2"],
  ] as const)("ends when it meets another certificate, from a server that speaks TLS %s", async (_, maxVersion) => {
    const [first, second] = [await certificates.selfSigned(), await certificates.selfSigned()];
    const target = await scripted((connection) => ({
      answer: selects(1),
      certificate: connection === 0 ? first : second,
      maxVersion,
    }));
    const end = await endOf(target);
    expect(end).toMatchObject({ status: "519", end_reason: "certificate_untrusted" });
    // Nobody but a guacd that was told the fingerprint sees what TLS 1.3 hides, and it tells none.
    if (maxVersion === "TLSv1.3") return;
    expect(end.end_detail).toMatch(/^127\.0\.0\.1 showed another certificate than a moment before\. /);
    expect(end.end_detail).toMatch(bothShown);
  });

  test("is cut when it is offered less than TLS", async () => {
    const certificate = await certificates.selfSigned();
    const target = await scripted((connection) =>
      connection === 0 ? { answer: selects(1), certificate } : { answer: selects(0) },
    );
    const end = await endOf(target);
    expect(end).toMatchObject({ status: "519", end_reason: "certificate_untrusted" });
    expect(end.end_detail).toMatch(/now wants to go without/);
  });
});

describe("a target without a certificate to check", () => {
  test("is refused as nobody's, and taken by whoever chose RDP's own encryption", async () => {
    const plain = await startRdpHost({ securityLayer: "rdp" });
    onTestFinished(() => plain.stop());
    const end = await endOf(targetOf(plain));
    expect(end).toMatchObject({ status: "519", end_reason: "certificate_untrusted" });
    expect(end.end_detail).toMatch(/offers only RDP's own encryption/);
    expect(await endOf({ ...targetOf(plain), security: "tls" })).toMatchObject({ end_reason: "target_unreachable" });
    // FreeRDP 2.11 and xrdp 0.9 fall out over this encryption later on, so it is the server that tells of the visit.
    expect(await endOf({ ...targetOf(plain), security: "rdp" })).toMatchObject({ end_reason: "target_unreachable" });
    expect(plain.log()).toContain("Non-TLS connection established");
  });

  test.each([
    [5, "tls", "requires NLA. Set security to nla or any."],
    [6, "any", "requires a certificate of the person who signs in"],
    [4, "any", "found a contradiction"],
    [1, "any", "requires TLS."],
  ])("that refuses with code %i says what to do", async (code, security, words) => {
    const target = await scripted(() => ({ answer: refuses(code) }));
    const end = await endOf({ ...target, security });
    expect(end).toMatchObject({ status: "519", end_reason: "target_unreachable" });
    expect(end.end_detail).toContain(words);
  });

  test.each([2, 3])("that refuses TLS with code %i is nobody's", async (code) => {
    const target = await scripted(() => ({ answer: refuses(code) }));
    expect(await endOf(target)).toMatchObject({ end_reason: "certificate_untrusted" });
  });

  test("and without NLA is told so when NLA is asked for", async () => {
    await forgetAll();
    expect(await endOf({ security: "nla" })).toMatchObject({
      end_reason: "target_unreachable",
      end_detail: "127.0.0.1 does not offer NLA. Set security to tls or any.",
    });
    expect(await known()).toEqual([]);
  });

  test("that is no RDP server is told so", async () => {
    const ssh = await startSshHost();
    onTestFinished(() => ssh.stop());
    expect(await endOf({ port: ssh.port })).toMatchObject({
      end_reason: "target_unreachable",
      end_detail: `What answers at 127.0.0.1 on port ${ssh.port} is not an RDP server.`,
    });
  });
});
