import type { SecureContext } from "node:tls";
import type { Clock } from "../core/clock.ts";
import { Disposal } from "../core/disposal.ts";
import type { Endpoint, Road } from "../core/endpoint.ts";
import { AppError } from "../core/errors.ts";
import type { Hop } from "../core/hop.ts";
import type { Logger } from "../core/log.ts";
import type { Secret } from "../core/secret.ts";
import { SessionFailure } from "../core/session-end.ts";
import { askArguments } from "../guacd/ask-arguments.ts";
import type { GuacdAddress } from "../guacd/guacd-address.ts";
import type { SessionProtocol } from "../protocols/protocol.ts";
import type { ResolveName } from "../roads/resolve-name.ts";
import type { TargetPolicy } from "../roads/target-policy.ts";
import { createRoadTo } from "../sessions/road-to.ts";
import { LoopTurns } from "../ssh/loop-turns.ts";
import { createPrepare } from "./prepare.ts";
import type { Diagnosis, DiagnosisListener } from "./step.ts";
import { Steps } from "./steps.ts";
import { type LookedAtTrust, watchedKeys } from "./watched-keys.ts";
import { Way, type WayLimits } from "./way.ts";

/** A session as it would be made. */
export interface DiagnosisRequest {
  readonly protocol: SessionProtocol;
  readonly target: Endpoint;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly hops: readonly Hop[];
  /** Of the hops, by the names that sessions keep them under; keys may still have their passphrase. */
  readonly secrets: Readonly<Record<string, Secret<string>>>;
  /** Throws AppError `limit_reached` when there may be no more sessions; null where nobody counts. */
  readonly checkLimits: (() => Promise<void>) | null;
}

export interface DoctorDeps {
  readonly policy: () => TargetPolicy;
  readonly resolve: ResolveName;
  readonly trust: LookedAtTrust;
  /** Rejects with `SessionFailure` when there is no guacd. */
  readonly guacdAddress: (signal: AbortSignal) => Promise<GuacdAddress>;
  /** Who may vouch for certificates. */
  readonly authorities: () => SecureContext;
  readonly limits: () => WayLimits & { readonly guacd: { readonly connectMs: number; readonly argsMs: number } };
  /** The longest that one diagnosis may take. */
  readonly wholeMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tries the way to a target. Rejects only with the signal's reason; nothing is left open then or later. */
export type Diagnose = (
  request: DiagnosisRequest,
  listener: DiagnosisListener,
  signal: AbortSignal,
) => Promise<Diagnosis>;

/**
 * Tries what a session needs, one step after the other, on the roads that sessions take: allow-list, names, hops, target,
 * limits, guacd. It signs in to the hops and never to the target, listens nowhere, and writes no host key down.
 */
export const createDiagnose =
  (deps: DoctorDeps): Diagnose =>
  async (request, listener, signal) => {
    signal.throwIfAborted();
    const disposal = new Disposal(deps.log);
    const steps = new Steps(listener);
    const stop = () => void disposal.dispose();
    const limit = AbortSignal.timeout(deps.wholeMs);
    const stopped = AbortSignal.any([signal, limit]);
    stopped.addEventListener("abort", stop, { once: true });
    try {
      await tryAll({ request, deps, steps, disposal });
    } catch (error) {
      signal.throwIfAborted();
      if (limit.aborted) steps.fail("out_of_time", `The test was stopped after ${deps.wholeMs / 1000} s.`);
      else {
        deps.log.error({ err: error }, "diagnosis failed");
        steps.fail("error", "The gateway could not go on with the test.");
      }
    } finally {
      stopped.removeEventListener("abort", stop);
      await disposal.dispose();
    }
    return steps.diagnosis;
  };

interface Work {
  readonly request: DiagnosisRequest;
  readonly deps: DoctorDeps;
  readonly steps: Steps;
  readonly disposal: Disposal;
}

/** Ends at the first step that fails. */
const tryAll = async (work: Work): Promise<void> => {
  const { request, deps, steps, disposal } = work;
  const { protocol, target, hops, secrets, settings } = request;
  const limits = deps.limits();
  const keys = watchedKeys(deps.trust);
  const way = new Way({ target, hops, limits, steps, takeKeyFinding: keys.takeFinding });
  const sessionRoad = createRoadTo({
    policy: deps.policy,
    resolve: deps.resolve,
    trust: keys.trust,
    timeouts: () => limits,
    turns: new LoopTurns(),
  })({
    protocol: protocol.id,
    hops,
    secrets,
    seenBy: "doctor",
    disposal,
    onHop: () => undefined,
    onTarget: () => undefined,
    onEnd: () => undefined,
    onStep: way.onStep,
    explainsRefusals: true,
  });
  const road: Road = {
    connect: (endpoint, signal) => {
      way.target = endpoint;
      return sessionRoad.connect(endpoint, signal);
    },
  };
  try {
    const prepare = createPrepare({
      target,
      settings,
      road,
      hops,
      disposal,
      way,
      steps,
      limits,
      trust: keys.trust,
      takeKeyFinding: keys.takeFinding,
      isRdp: protocol.id === "rdp",
      authorities: deps.authorities,
      clock: deps.clock,
    });
    const endpoint = (await protocol.prepare?.(prepare)) ?? target;
    way.end();
    await tryLimits(work);
    await tryGuacd(work, endpoint);
  } catch (error) {
    if (disposal.signal.aborted || !(error instanceof SessionFailure)) throw error;
    const failure = sessionRoad.hopFailure() ?? error;
    deps.log.info({ fault: failure.fault, err: failure.cause }, "diagnosis found a fault");
    way.fail(failure);
  }
};

const tryLimits = async ({ request, steps }: Work): Promise<void> => {
  if (!request.checkLimits) return;
  steps.begin("limits", "Gateway", shortMs);
  await request.checkLimits().catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "limit_reached") throw error;
    throw new SessionFailure("error", error.detail, { fault: "limit_reached", cause: error });
  });
  steps.succeed("One more session is within the limits.");
};

const tryGuacd = async ({ request, deps, steps, disposal }: Work, endpoint: Endpoint): Promise<void> => {
  const { protocol, settings } = request;
  const { signal } = disposal;
  const timeouts = deps.limits().guacd;
  steps.begin("guacd", "Session host", timeouts.connectMs + timeouts.argsMs);
  const address = await deps.guacdAddress(signal);
  const plan = protocol.plan(endpoint, settings);
  const { argNames, version } = await askArguments({ address, protocol: plan.protocol, timeouts, signal });
  const unknown = Object.keys(plan.args).filter((name) => !argNames.includes(name));
  if (unknown.length > 0) {
    const names = unknown.map((name) => name.replaceAll("-", "_")).join(", ");
    return steps.warn("guacd_option_unknown", `This guacd does not know ${names}. The session starts without it.`);
  }
  steps.succeed(
    `guacd serves ${protocol.label} sessions (${version.replace("VERSION_", "protocol ").replaceAll("_", ".")}).`,
  );
};

const shortMs = 5_000;
