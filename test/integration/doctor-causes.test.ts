import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { type Fault, faults } from "../../src/core/faults.ts";
import { keyPlace } from "../../src/core/key-place.ts";
import { causes } from "../../src/doctor/causes.ts";
import { createTargetPolicy } from "../../src/roads/target-policy.ts";
import { type CertificateMaker, startCertificateMaker } from "../support/certificates.ts";
import { type Ailment, createDoctorBench } from "../support/doctor-bench.ts";
import { startGuacd, type TestGuacd } from "../support/guacd.ts";
import { type JumpHost, jumpHost } from "../support/hop-hosts.ts";
import { hostKeyMemory } from "../support/host-key-memory.ts";
import { makeNetworkNamespace, type NetworkNamespace } from "../support/network-namespace.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { confirm, type RdpScript, refuses, selects, startRdpServer } from "../support/rdp-server.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { startScriptedSshServer } from "../support/scripted-ssh-server.ts";
import { freePort, type SshHost, type SshHostOptions, startSshHost } from "../support/ssh-host.ts";
import { startVncHost, type VncHost, type VncHostOptions } from "../support/vnc-host.ts";

// Each cause is provoked as it comes in life: by real servers and networks where they can be brought to it, else by a script.

const run = promisify(execFile);

let guacd: TestGuacd;
let target: SshHost;
let desktop: VncHost;
let windows: RdpHost;
let network: NetworkNamespace;
let maker: CertificateMaker;
let deadPort: number;
let diagnose: ReturnType<typeof createDoctorBench>;
let keys: { readonly known: string; readonly locked: string; readonly line: string };
/** Addresses behind the other end of the cable, each with a fate of its own. */
let fates: { readonly dropped: string; readonly unreachable: string; readonly prohibited: string };

beforeAll(async () => {
  deadPort = await freePort();
  [guacd, target, desktop, windows, network, maker, keys] = await Promise.all([
    startGuacd(),
    startSshHost(),
    startVncHost(),
    startRdpHost(),
    makeNetworkNamespace(),
    startCertificateMaker(),
    makeKeys(),
  ]);
  diagnose = createDoctorBench(guacd.address);
  fates = { dropped: network.there[0], unreachable: neighbour(200), prohibited: neighbour(201) };
  // Its answers go nowhere, as behind a firewall that drops them.
  await runThere("ip", "route", "add", "blackhole", `${network.here}/32`);
  await run("ip", ["route", "add", "unreachable", `${fates.unreachable}/32`]);
  await run("ip", ["route", "add", "prohibit", `${fates.prohibited}/32`]);
}, 120_000);
afterAll(async () => {
  await run("ip", ["route", "del", "unreachable", `${fates.unreachable}/32`]);
  await run("ip", ["route", "del", "prohibit", `${fates.prohibited}/32`]);
  await Promise.all([guacd.close(), target.stop(), desktop.stop(), windows.stop(), network.remove(), maker.remove()]);
}, 60_000);

const runThere = async (...command: string[]) => {
  const [tool = "", ...words] = [...network.enter, ...command];
  await run(tool, words);
};
const neighbour = (last: number): string => network.here.replace(/\d+$/, String(last));

const makeKeys = async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-doctor-key-"));
  const make = async (name: string, passphrase: string) => {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", join(folder, name)]);
    return await readFile(join(folder, name), "utf8");
  };
  const [known, locked] = await Promise.all([make("known", ""), make("locked", "open sesame")]);
  const line = (await readFile(join(folder, "known.pub"), "utf8")).trim();
  await rm(folder, { recursive: true });
  return { known, locked, line };
};

const sshHost = async (options: SshHostOptions): Promise<SshHost> => {
  const host = await startSshHost(options);
  onTestFinished(() => host.stop());
  return host;
};
/** The target behind one hop. */
const behind = (hop: JumpHost, more: Partial<Ailment> = {}): Ailment => ({ target, hops: [hop], ...more });
const hopOf = async (options: SshHostOptions, change: Partial<JumpHost> = {}): Promise<JumpHost> => ({
  ...jumpHost(await sshHost(options)),
  ...change,
});
const good = (): JumpHost => jumpHost(target);
const withoutPassword = ({ password: _, ...hop }: JumpHost): JumpHost => hop;
const scripted = async (onConnection: Parameters<typeof startScriptedServer>[0]): Promise<ScriptedServer> => {
  const server = await startScriptedServer(onConnection);
  onTestFinished(() => server.close());
  return server;
};
const oldKey = { keyType: "ssh-ed25519", publicKey: "AAAA", fingerprint: "SHA256:old" };
const at = (port: number) => ({ host: "127.0.0.1", port });
const hopAt = (port: number): JumpHost => ({ hostname: "127.0.0.1", port, username: "ann", password: "right" });
const scriptedHop = async (onSignIn: Parameters<typeof startScriptedSshServer>[0]): Promise<JumpHost> => {
  const server = await startScriptedSshServer(onSignIn);
  onTestFinished(() => server.close());
  return hopAt(server.port);
};
const rdpServer = async (script: RdpScript) => {
  const server = await startRdpServer(() => script);
  onTestFinished(() => server.close());
  return at(server.port);
};
const vncHost = async (options: VncHostOptions): Promise<VncHost> => {
  const host = await startVncHost(options);
  onTestFinished(() => host.stop());
  return host;
};
const nowhere = createTargetPolicy({ allow: { ssh: ["127.0.0.0/8"], hops: ["127.0.0.0/8"] }, ownListeners: () => [] });
const signedRdp = async (names: readonly string[], days?: number): Promise<Ailment> => ({
  protocol: "rdp",
  target: await rdpServer({ answer: selects(1), certificate: await maker.signed(names, days) }),
  deps: { authorities: () => createSecureContext({ ca: maker.authority.pem }), trust: hostKeyMemory("pinned") },
});

interface Case {
  readonly cause: Fault;
  readonly world: string;
  /** The step that fails, and whose it is. */
  readonly at: readonly [step: string, subject: RegExp];
  readonly message: RegExp;
  readonly ailment: () => Promise<Ailment>;
}
const itself = /^127\.0\.0\.1:\d+$/;
const hop1 = /^Hop 1, 127\.0\.0\.1$/;

const cases: readonly Case[] = [
  {
    cause: "name_unknown",
    world: "a name that no name server knows",
    at: ["name", /^no-such-host\.invalid:22$/],
    message: /not known to the gateway/,
    ailment: async () => ({
      target: { host: "no-such-host.invalid", port: 22 },
      deps: { resolve: () => Promise.reject(Object.assign(new Error("queried"), { code: "ENOTFOUND" })) },
    }),
  },
  {
    cause: "dns_silent",
    world: "a name server that says nothing",
    at: ["name", /^db-1\.example:22$/],
    message: /name server does not answer/,
    ailment: async () => ({
      target: { host: "db-1.example", port: 22 },
      deps: { resolve: () => new Promise(() => undefined) },
      connectMs: 300,
    }),
  },
  {
    cause: "refused",
    world: "a port that nobody listens on",
    at: ["connect", itself],
    message: /nothing listens there/,
    ailment: async () => ({ target: at(deadPort) }),
  },
  {
    cause: "silent",
    world: "a network that drops what comes back",
    at: ["connect", /^10\.213\.\d+\.2:22$/],
    message: /silent for 1 s/,
    ailment: async () => ({ target: { host: fates.dropped, port: 22 }, connectMs: 1_000 }),
  },
  {
    cause: "unreachable",
    world: "a network without a way there",
    at: ["connect", /^10\.213\.\d+\.200:22$/],
    message: /cannot be reached: it is off, or there is no way/,
    ailment: async () => ({ target: { host: fates.unreachable, port: 22 } }),
  },
  {
    cause: "error",
    world: "a system that forbids the connection",
    at: ["connect", /^10\.213\.\d+\.201:22$/],
    message: /EACCES/,
    ailment: async () => ({ target: { host: fates.prohibited, port: 22 } }),
  },
  {
    cause: "closed_without_word",
    world: "a server that hangs up at once",
    at: ["key_exchange", itself],
    message: /without a word/,
    ailment: async () => ({ target: at((await scripted((socket) => socket.end())).port) }),
  },
  ...(["vnc", "rdp"] as const).map(
    (protocol): Case => ({
      cause: "closed_without_word",
      world: `a ${protocol} server that hangs up at once`,
      at: ["greeting", itself],
      message: /without a word/,
      ailment: async () => ({ protocol, target: at((await scripted((socket) => socket.end())).port) }),
    }),
  ),
  {
    cause: "mute",
    world: "an SSH port where nobody speaks",
    at: ["key_exchange", itself],
    message: /says nothing: silent for 0\.5 s/,
    ailment: async () => ({ target: at((await scripted(() => undefined)).port), keyExchangeMs: 500 }),
  },
  ...(["vnc", "rdp"] as const).map(
    (protocol): Case => ({
      cause: "mute",
      world: `a ${protocol} port where nobody speaks`,
      at: ["greeting", itself],
      message: /sa(ys|id) nothing.* 0\.5 s/,
      ailment: async () => ({ protocol, target: at((await scripted(() => undefined)).port), connectMs: 500 }),
    }),
  ),
  {
    cause: "target_not_allowed",
    world: "an address outside the allow-list",
    at: ["policy", /^10\.9\.9\.9:22$/],
    message: /outside the networks allowed/,
    ailment: async () => ({ target: { host: "10.9.9.9", port: 22 }, deps: { policy: () => nowhere } }),
  },
  {
    cause: "hop_not_allowed",
    world: "a hop outside the allow-list",
    at: ["policy", /^Hop 1, 10\.9\.9\.9$/],
    message: /outside the networks allowed for hops/,
    ailment: async () => ({ ...behind({ ...good(), hostname: "10.9.9.9" }), deps: { policy: () => nowhere } }),
  },
  {
    cause: "not_ssh",
    world: "a VNC server where SSH is expected",
    at: ["key_exchange", itself],
    message: /is not an SSH server/,
    ailment: async () => ({ target: desktop, keyExchangeMs: 2_000 }),
  },
  ...["target", "hop"].map(
    (place): Case => ({
      cause: "ssh_busy",
      world: `an sshd with MaxStartups 1 as ${place}, while somebody else is about to sign in`,
      at: ["key_exchange", place === "hop" ? hop1 : itself],
      message: /takes in nobody more at this time/,
      ailment: async () => {
        const host = await sshHost({ config: ["MaxStartups 1"] });
        const other = connect(host.port, host.host);
        onTestFinished(() => void other.destroy());
        await once(other, "data");
        return place === "hop" ? behind(jumpHost(host)) : { target: host };
      },
    }),
  ),
  {
    cause: "no_common_algorithms",
    world: "an sshd that knows other key exchanges alone",
    at: ["key_exchange", itself],
    message: /no way in common/,
    ailment: async () => ({ target: await sshHost({ config: ["KexAlgorithms sntrup761x25519-sha512@openssh.com"] }) }),
  },
  {
    cause: "ssh_silent",
    world: "an SSH server that stops after its greeting",
    at: ["key_exchange", itself],
    message: /did not finish the key exchange/,
    ailment: async () => ({
      target: at((await scripted((socket) => socket.write("SSH-2.0-Stuck\r\n"))).port),
      keyExchangeMs: 500,
    }),
  },
  {
    cause: "key_exchange_cut",
    world: "an SSH server that hangs up after its greeting",
    at: ["key_exchange", itself],
    message: /cut the connection during the key exchange/,
    ailment: async () => ({ target: at((await scripted((socket) => socket.end("SSH-2.0-Cut\r\n"))).port) }),
  },
  {
    cause: "host_key_changed",
    world: "a target whose key was another one before",
    at: ["host_key", itself],
    message: /another host key than the one seen before/,
    ailment: async () => {
      const trust = hostKeyMemory();
      await trust.store.trustFirst(keyPlace("ssh", "", target), oldKey, "test");
      return { target, deps: { trust } };
    },
  },
  {
    cause: "host_key_not_trusted",
    world: "a target that a gateway with approved keys only has not met",
    at: ["host_key", itself],
    message: /has not been approved yet/,
    ailment: async () => ({ target, deps: { trust: hostKeyMemory("ask-admin") } }),
  },
  {
    cause: "host_key_revoked",
    world: "a target whose key was revoked",
    at: ["host_key", itself],
    message: /that was revoked/,
    ailment: async () => {
      const trust = hostKeyMemory();
      const place = keyPlace("ssh", "", target);
      for (const fingerprint of await target.fingerprints()) {
        await trust.store.trustFirst(place, { ...oldKey, fingerprint }, "test");
      }
      for (const row of trust.rows) Object.assign(row, { state: "revoked" });
      return { target, deps: { trust } };
    },
  },
  {
    cause: "host_key_changed",
    world: "a hop that is not the pinned one",
    at: ["host_key", hop1],
    message: /than the one pinned/,
    ailment: async () => behind({ ...good(), host_key: keys.line }),
  },
  {
    cause: "host_key_unreadable",
    world: "a pinned key that is none",
    at: ["host_key", hop1],
    message: /is not a host key/,
    ailment: async () => behind({ ...good(), host_key: "nonsense" }),
  },
  {
    cause: "wrong_password",
    world: "a hop that refuses the password",
    at: ["sign_in", hop1],
    message: /refused the sign-in/,
    ailment: async () => behind({ ...good(), password: "wrong" }),
  },
  {
    cause: "key_refused",
    world: "a hop that does not know the key",
    at: ["sign_in", hop1],
    message: /refused the sign-in/,
    ailment: async () => behind({ ...withoutPassword(good()), private_key: keys.known }),
  },
  {
    cause: "password_not_offered",
    world: "a hop that takes keys alone",
    at: ["sign_in", hop1],
    message: /takes no password/,
    ailment: async () => behind(await hopOf({ passwordMethod: "none" })),
  },
  {
    cause: "key_not_offered",
    world: "a hop that takes passwords alone",
    at: ["sign_in", hop1],
    message: /takes no key/,
    ailment: async () => {
      const hop = await hopOf({ config: ["PubkeyAuthentication no"] }, { private_key: keys.known });
      return behind(withoutPassword(hop));
    },
  },
  {
    cause: "key_unreadable",
    world: "a key that was cut off",
    at: ["sign_in", hop1],
    message: /cannot be read/,
    ailment: async () => behind({ ...good(), private_key: keys.known.replace(/\n.{70}\n/, "\n") }),
  },
  {
    cause: "passphrase_missing",
    world: "a locked key without its passphrase",
    at: ["sign_in", hop1],
    message: /its passphrase is missing/,
    ailment: async () => behind({ ...good(), private_key: keys.locked }),
  },
  {
    cause: "passphrase_wrong",
    world: "a locked key with a wrong passphrase",
    at: ["sign_in", hop1],
    message: /does not open this key/,
    ailment: async () => behind({ ...good(), private_key: keys.locked, passphrase: "open barley" }),
  },
  {
    cause: "no_credentials",
    world: "a hop with neither password nor key",
    at: ["sign_in", hop1],
    message: /none was given/,
    ailment: async () => behind(withoutPassword(good())),
  },
  {
    cause: "more_than_password",
    world: "a hop that wants a key and a password, and has the key",
    at: ["sign_in", hop1],
    message: /asks for more/,
    ailment: async () => {
      const config = ["AuthenticationMethods publickey,password"];
      const hop = await hopOf({ config, authorizedKeys: [keys.line] }, { private_key: keys.known });
      return behind(withoutPassword(hop));
    },
  },
  {
    cause: "too_many_tries",
    world: "an sshd that allows one try",
    at: ["sign_in", hop1],
    message: /refused the sign-in/,
    ailment: async () => behind(await hopOf({ config: ["MaxAuthTries 1"] }, { password: "wrong" })),
  },
  {
    cause: "closed_at_sign_in",
    world: "a server that hangs up at the sign-in",
    at: ["sign_in", hop1],
    message: /refused the sign-in/,
    ailment: async () => behind(await scriptedHop((_, connection) => void connection.end())),
  },
  {
    cause: "sign_in_silent",
    world: "a server that does not answer the sign-in",
    at: ["sign_in", hop1],
    message: /did not answer the sign-in/,
    ailment: async () => behind(await scriptedHop(() => undefined), { authMs: 800 }),
  },
  {
    cause: "password_expired",
    world: "a server that wants a new password",
    at: ["sign_in", hop1],
    message: /has expired/,
    ailment: async () =>
      behind(
        await scriptedHop((context) => {
          if (context.method === "password") context.requestChange("Choose a new one", () => undefined);
        }),
      ),
  },
  ...[
    ["AllowTcpForwarding no"],
    ["DisableForwarding yes"],
    // Indistinguishable from the first: no server says what `local` would have let through.
    ["AllowTcpForwarding local", "PermitOpen 127.0.0.1:1"],
    ["PermitListen none", "PermitOpen 127.0.0.1:1"],
  ].map(
    (config): Case => ({
      cause: "forwarding_refused",
      world: `an sshd with ${config.join(" and ")}`,
      at: ["forward", hop1],
      message: /neither to 127\.0\.0\.1 on port \d+ nor back: most likely .*\(AllowTcpForwarding\).*PermitOpen/,
      ailment: async () => behind(await hopOf({ config })),
    }),
  ),
  ...["PermitOpen 127.0.0.1:1", "AllowTcpForwarding remote"].map(
    (line): Case => ({
      cause: "destination_not_permitted",
      world: `an sshd with ${line}`,
      at: ["forward", hop1],
      message: /forwards for .*, but not to 127\.0\.0\.1 on port/,
      ailment: async () => behind(await hopOf({ config: [line] })),
    }),
  ),
  {
    cause: "destination_not_permitted",
    world: "a key that may go to another place only",
    at: ["forward", hop1],
    message: /forwards for .*, but not to/,
    ailment: async () => {
      const authorizedKeys = [`permitopen="127.0.0.1:1" ${keys.line}`];
      const hop = await hopOf({ authorizedKeys }, { private_key: keys.known });
      return behind(withoutPassword(hop));
    },
  },
  {
    cause: "target_refused",
    world: "a port behind a hop that nobody listens on",
    at: ["connect", itself],
    message: /as seen from hop 1/,
    ailment: async () => ({ target: at(deadPort), hops: [good()] }),
  },
  {
    cause: "target_name_unknown",
    world: "a name that the hop does not know",
    at: ["connect", /^no-such-host\.invalid:22$/],
    message: /not known to hop 1/,
    ailment: async () => ({ target: { host: "no-such-host.invalid", port: 22 }, hops: [good()], connectMs: 20_000 }),
  },
  {
    cause: "target_silent",
    world: "a network behind a hop that drops what comes back",
    at: ["connect", /^10\.213\.\d+\.2:22$/],
    message: /as seen from hop 1/,
    ailment: async () => ({ target: { host: fates.dropped, port: 22 }, hops: [good()], connectMs: 1_500 }),
  },
  {
    cause: "target_unreachable",
    world: "a network that the hop has no way to",
    at: ["connect", /^10\.213\.\d+\.200:22$/],
    message: /cannot be reached .*from hop 1/,
    ailment: async () => ({ target: { host: fates.unreachable, port: 22 }, hops: [good()] }),
  },
  {
    cause: "hop_lost",
    world: "a hop that dies while it dials",
    at: ["forward", hop1],
    message: /lost|closed the connection/,
    ailment: async () => {
      const hop = await sshHost({});
      const onBegin = (step: string) => void (step === "forward" && hop.pause());
      return { target: { host: fates.dropped, port: 22 }, hops: [jumpHost(hop)], listener: { onBegin } };
    },
  },
  {
    cause: "not_rdp",
    world: "an SSH server where RDP is expected",
    at: ["greeting", itself],
    message: /is not an RDP server/,
    ailment: async () => ({ protocol: "rdp", target }),
  },
  {
    cause: "rdp_security_mismatch",
    world: "an xrdp without NLA that is asked for it",
    at: ["greeting", itself],
    message: /does not offer NLA/,
    ailment: async () => ({ protocol: "rdp", target: windows, settings: { security: "nla", ignore_cert: true } }),
  },
  {
    cause: "rdp_security_mismatch",
    world: "a server that requires NLA and is asked for TLS alone",
    at: ["greeting", itself],
    message: /requires NLA\. Set security to nla or any/,
    ailment: async () => ({
      protocol: "rdp",
      target: await rdpServer({ answer: refuses(5) }),
      settings: { security: "tls" },
    }),
  },
  {
    cause: "rdp_security_mismatch",
    world: "a server too old to negotiate that is asked for TLS",
    at: ["greeting", itself],
    message: /offers only RDP's own encryption/,
    ailment: async () => ({
      protocol: "rdp",
      target: await rdpServer({ answer: confirm() }),
      settings: { security: "tls" },
    }),
  },
  {
    cause: "tls_failed",
    world: "an RDP server whose TLS is broken",
    at: ["greeting", itself],
    message: /secure connection .* failed/,
    ailment: async () => ({
      protocol: "rdp",
      target: await rdpServer({ answer: Buffer.concat([selects(1), Buffer.from("this is no TLS at all")]) }),
    }),
  },
  {
    cause: "certificate_untrusted",
    world: "an xrdp with a certificate of its own",
    at: ["greeting", itself],
    message: /Nobody vouches/,
    ailment: async () => ({ protocol: "rdp", target: windows, deps: { trust: hostKeyMemory("pinned") } }),
  },
  {
    cause: "certificate_changed",
    world: "an xrdp whose certificate was another one before",
    at: ["greeting", itself],
    message: /another certificate than the one seen before/,
    ailment: async () => {
      const trust = hostKeyMemory();
      await trust.store.trustFirst(keyPlace("rdp", "", windows), { ...oldKey, keyType: "x509" }, "test");
      return { protocol: "rdp", target: windows, deps: { trust } };
    },
  },
  {
    cause: "certificate_untrusted",
    world: "a signed certificate for another name",
    at: ["greeting", itself],
    message: /for another name/,
    ailment: () => signedRdp(["DNS:elsewhere.example"]),
  },
  {
    cause: "certificate_expired",
    world: "a certificate that is over",
    at: ["greeting", itself],
    message: /has expired/,
    ailment: () => signedRdp(["IP:127.0.0.1"], -1),
  },
  {
    cause: "clock_skew",
    world: "a gateway whose clock is a month behind",
    at: ["greeting", itself],
    message: /is valid from .* on only/,
    ailment: async () => {
      const clock = { nowMs: () => Date.now() - 30 * 86_400_000 };
      return { protocol: "rdp", target: windows, deps: { trust: hostKeyMemory("pinned"), clock } };
    },
  },
  {
    cause: "not_vnc",
    world: "an SSH server where VNC is expected",
    at: ["greeting", itself],
    message: /is not a VNC server/,
    ailment: async () => ({ protocol: "vnc", target }),
  },
  {
    cause: "vnc_security_unsupported",
    world: "a TigerVNC that offers RSA-AES alone",
    at: ["greeting", itself],
    message: /kinds of sign-in that guacd does not know/,
    ailment: async () => ({ protocol: "vnc", target: await vncHost({ securityTypes: "RA2" }) }),
  },
  {
    cause: "vnc_refuses",
    world: "a VNC server that has had enough",
    at: ["greeting", itself],
    message: /says: "Too many security failures"/,
    ailment: async () => {
      const words = Buffer.from("Too many security failures");
      const length = Buffer.of(0, 0, 0, words.length);
      const server = await scripted((socket) => {
        socket.write("RFB 003.008\n");
        socket.once("data", () => socket.end(Buffer.concat([Buffer.of(0), length, words])));
      });
      return { protocol: "vnc", target: at(server.port) };
    },
  },
  {
    cause: "limit_reached",
    world: "a person with as many sessions as there may be",
    at: ["limits", /^Gateway$/],
    message: /which is the limit/,
    ailment: async () => ({
      target,
      checkLimits: () => Promise.reject(new AppError("limit_reached", "You have 5 sessions, which is the limit.")),
    }),
  },
  {
    cause: "guacd_down",
    world: "a guacd that is not there",
    at: ["guacd", /^Session host$/],
    message: /cannot be reached/,
    ailment: async () => ({ target, deps: { guacdAddress: async () => ({ ...at(deadPort), tls: null }) } }),
  },
  {
    cause: "guacd_silent",
    world: "something else where guacd should be",
    at: ["guacd", /^Session host$/],
    message: /gives no answer/,
    ailment: async () => {
      const { port } = await scripted(() => undefined);
      return { target, argsMs: 500, deps: { guacdAddress: async () => ({ ...at(port), tls: null }) } };
    },
  },
  {
    cause: "guacd_protocol_missing",
    world: "a guacd without the library",
    at: ["guacd", /^Session host$/],
    message: /serves no NOSUCH sessions/,
    ailment: async () => ({ target, plan: () => ({ protocol: "nosuch", args: {} }), argsMs: 4_000 }),
  },
  {
    cause: "out_of_time",
    world: "a way that takes longer than the whole test may",
    at: ["key_exchange", itself],
    message: /stopped after 0\.5 s/,
    ailment: async () => ({ target: at((await scripted(() => undefined)).port), deps: { wholeMs: 500 } }),
  },
];

const warning: Case = {
  cause: "guacd_option_unknown",
  world: "a guacd that is older than an option",
  at: ["guacd", /^Session host$/],
  message: /does not know option_of_tomorrow\. The session starts without it\./,
  ailment: async () => ({ target, plan: () => ({ protocol: "ssh", args: { "option-of-tomorrow": "true" } }) }),
};

const expectLast = async ({ cause, at: [step, subject], message, ailment }: Case, ok: boolean) => {
  const diagnosis = await diagnose(await ailment());
  expect(diagnosis.steps.at(-1)).toEqual({
    step,
    subject: expect.stringMatching(subject),
    ok,
    ms: expect.any(Number),
    cause,
    message: expect.stringMatching(message),
    fix: causes[cause].fix,
  });
  expect(causes[cause].fix).not.toEqual([]);
  expect(diagnosis.ok).toBe(ok);
  expect(diagnosis.steps.slice(0, -1).filter((earlier) => earlier.cause !== null || !earlier.ok)).toEqual([]);
};

describe("the doctor names the cause, the step and what to do", () => {
  test.each(cases)("$cause: $world", (each) => expectLast(each, false));

  test("guacd_option_unknown is a warning: the session would start", () => expectLast(warning, true));

  test("every cause of the closed list is provoked", () => {
    const provoked = new Set([...cases, warning].map(({ cause }) => cause));
    expect(faults.filter((fault) => !provoked.has(fault))).toEqual([]);
  });
});
