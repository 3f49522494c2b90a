import type { Logger } from "../core/log.ts";
import { type Actor, systemPrincipal } from "../core/principal.ts";
import type { SessionDirectory } from "./directory.ts";
import type { SessionStore } from "./session-store.ts";

export interface ReaperLimits {
  readonly pendingTimeoutSeconds: number;
  /** For sessions that show a banner first; 0 = for ever. */
  readonly bannerTimeoutSeconds: number;
  /** 0 = for ever. */
  readonly historyDays: number;
}

const everyMs = 5_000;
const dayMs = 86_400_000;

/** Ends sessions that nobody opened in time and forgets those that ended long ago. `stop` ends its timer. */
export const startReaper = (deps: {
  store: SessionStore;
  directory: SessionDirectory;
  nodeId: string;
  limits: () => ReaperLimits;
  clock: { nowMs(): number };
  log: Logger;
}): { stop(): void } => {
  const sweep = async (): Promise<void> => {
    const { pendingTimeoutSeconds, bannerTimeoutSeconds, historyDays } = deps.limits();
    const nowMs = deps.clock.nowMs();
    const waiting = await deps.store.listLive({
      nodeId: deps.nodeId,
      pendingBeforeMs: nowMs - pendingTimeoutSeconds * 1000,
    });
    for (const session of waiting) {
      const limitSeconds = session.bannerText === null ? pendingTimeoutSeconds : bannerTimeoutSeconds;
      if (limitSeconds === 0 || nowMs - session.createdAtMs < limitSeconds * 1000) continue;
      // One that is connecting has limits of its own.
      if (deps.directory.isRunning(session.id)) continue;
      await deps.directory.end(session.id, { reason: "expired", detail: "Nobody opened it in time." }, systemActor);
    }
    if (historyDays > 0) await deps.store.deleteEndedBefore(nowMs - historyDays * dayMs);
  };
  const timer = setInterval(() => {
    sweep().catch((error) => deps.log.error({ err: error }, "expired sessions not swept"));
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};

const systemActor: Actor = { principal: systemPrincipal("gateway") };
