import { authorize } from "../../access/authorize.ts";
import { newId } from "../../core/ids.ts";
import type { Actor } from "../../core/principal.ts";
import type { Diagnose } from "../../doctor/diagnose.ts";
import type { DiagnosisListener } from "../../doctor/step.ts";
import type { Turns } from "../../doctor/turns.ts";
import { type CreateSessionDeps, ownerOf } from "./create-session.ts";
import { keepKey } from "./read-hops.ts";
import { readSession } from "./read-session.ts";
import type { CreateSessionInput, DiagnosisView } from "./schema.ts";

export interface DiagnoseSessionDeps {
  readonly diagnose: Diagnose;
  readonly turns: Turns;
}

/** A diagnosis that may begin; its turn is taken, and `run` ends it. */
export interface BegunDiagnosis {
  run(listener: DiagnosisListener): Promise<DiagnosisView>;
}

export const silentListener: DiagnosisListener = { onBegin: () => undefined, onStep: () => undefined };

/** Checks and audits a diagnosis of a session that is not made. Throws the 400 of the first bad field, `rate_limited`. */
export const diagnoseSession =
  (deps: Omit<CreateSessionDeps, "checkTarget" | "ignoredOptions"> & DiagnoseSessionDeps) =>
  async (actor: Actor, input: CreateSessionInput, signal: AbortSignal): Promise<BegunDiagnosis> => {
    const { principal } = actor;
    authorize(principal, "session:create");
    const { protocol, target, settings, hops, secrets } = await readSession(deps, principal, input, keepKey);
    const owner = ownerOf(principal);
    const endTurn = deps.turns.take(`${owner.kind} ${owner.id}`);
    try {
      const details = {
        protocol: protocol.id,
        hostname: target.host,
        port: target.port,
        hops: hops.map(({ host, port }) => `${host}:${port}`),
      };
      await deps.store.recordDiagnosis(newId(), details, actor, deps.clock.nowMs());
    } catch (error) {
      endTurn();
      throw error;
    }
    const checkLimits = () => deps.store.checkLimits(owner, deps.limits());
    const request = { protocol, target, settings, hops, secrets, checkLimits };
    return {
      run: async (listener) => {
        try {
          const { ok, steps } = await deps.diagnose(request, listener, signal);
          return { ok, steps: steps.map((step) => ({ ...step, fix: [...step.fix] })) };
        } finally {
          endTurn();
        }
      },
    };
  };
