import { systemClock } from "../../src/core/clock.ts";
import type { Endpoint } from "../../src/core/endpoint.ts";
import { hopSecretName } from "../../src/core/hop.ts";
import { silentLogger } from "../../src/core/log.ts";
import { Secret } from "../../src/core/secret.ts";
import { createDiagnose, type DoctorDeps } from "../../src/doctor/diagnose.ts";
import type { Diagnosis, DiagnosisListener } from "../../src/doctor/step.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { SessionProtocol } from "../../src/protocols/protocol.ts";
import { certificateAuthorities } from "../../src/roads/certificate-authorities.ts";
import { resolveName } from "../../src/roads/resolve-name.ts";
import { createTargetPolicy } from "../../src/roads/target-policy.ts";
import type { JumpHost } from "./hop-hosts.ts";
import { hostKeyMemory } from "./host-key-memory.ts";

/** What the doctor is asked, in the words of the API, and what is different from the usual gateway. */
export interface Ailment {
  readonly protocol?: string;
  readonly target: Endpoint;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly hops?: readonly JumpHost[];
  readonly checkLimits?: () => Promise<void>;
  /** Changes what the protocol asks of guacd. */
  readonly plan?: SessionProtocol["plan"];
  readonly deps?: Partial<DoctorDeps>;
  readonly connectMs?: number;
  readonly keyExchangeMs?: number;
  readonly authMs?: number;
  readonly argsMs?: number;
  readonly listener?: Partial<DiagnosisListener>;
  readonly signal?: AbortSignal;
}

const everywhere = ["0.0.0.0/0", "127.0.0.0/8", "::/0", "::1/128"];
const anyName = ["*"];

/** Runs the doctor as a gateway does that may reach everything, with a guacd of the test's. */
export const createDoctorBench = (guacd: { readonly host: string; readonly port: number }) => {
  const policy = createTargetPolicy({
    allow: { ssh: everywhere, rdp: everywhere, vnc: everywhere, hops: everywhere },
    namesBehindHops: { ssh: anyName, rdp: anyName, vnc: anyName, hops: anyName },
    ownListeners: () => [],
  });
  return (ailment: Ailment): Promise<Diagnosis> => {
    const { connectMs = 8_000, keyExchangeMs = 15_000, authMs = 15_000, argsMs = 8_000 } = ailment;
    const protocol = protocols.get(ailment.protocol ?? "ssh");
    if (!protocol) throw new RangeError("no such protocol");
    const diagnose = createDiagnose({
      policy: () => policy,
      resolve: resolveName,
      trust: hostKeyMemory(),
      guacdAddress: async () => ({ ...guacd, tls: null }),
      authorities: certificateAuthorities,
      limits: () => ({ connectMs, keyExchangeMs, authMs, guacd: { connectMs, argsMs } }),
      wholeMs: 60_000,
      clock: systemClock,
      log: silentLogger,
      ...ailment.deps,
    });
    const hops = ailment.hops ?? [];
    const secrets = hops.flatMap((hop, index) =>
      (["password", "private_key", "passphrase"] as const).flatMap((name) => {
        const value = hop[name];
        return value === undefined ? [] : [[hopSecretName(index, name), new Secret(value)] as const];
      }),
    );
    return diagnose(
      {
        protocol: ailment.plan ? { ...protocol, plan: ailment.plan } : protocol,
        target: { host: ailment.target.host, port: ailment.target.port },
        settings: protocol.parseSettings(ailment.settings ?? {}),
        hops: hops.map(({ hostname, port, username, host_key }) => ({
          host: hostname,
          port,
          username,
          hostKey: host_key ?? null,
        })),
        secrets: Object.fromEntries(secrets),
        checkLimits: ailment.checkLimits ?? null,
      },
      { onBegin: () => undefined, onStep: () => undefined, ...ailment.listener },
      ailment.signal ?? new AbortController().signal,
    );
  };
};
