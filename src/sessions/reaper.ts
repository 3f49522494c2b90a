import type { Logger } from "../core/log.ts";
import { gatewayActor } from "../core/principal.ts";
import type { SessionDirectory } from "./directory.ts";
import type { SessionOwner } from "./session.ts";
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

/**
 * Ends sessions that nobody opened in time or whose owner has lost access, by whatever process, and forgets those that
 * ended long ago. `stop` ends its timer.
 */
export const startReaper = (deps: {
  store: SessionStore;
  directory: SessionDirectory;
  /** Why an owner may have no sessions any more, or null. */
  standing: (owner: SessionOwner) => Promise<string | null>;
  nodeId: string;
  limits: () => ReaperLimits;
  clock: { nowMs(): number };
  log: Logger;
}): { stop(): void } => {
  const revoke = async (): Promise<void> => {
    for (const owner of await deps.store.listLiveOwners({ nodeId: deps.nodeId })) {
      const detail = await deps.standing(owner);
      if (detail !== null) await deps.directory.endAllOf(owner, { reason: "revoked", detail }, gatewayActor);
    }
  };
  const expire = async (): Promise<void> => {
    const { pendingTimeoutSeconds, bannerTimeoutSeconds } = deps.limits();
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
      await deps.directory.end(session.id, { reason: "expired", detail: "Nobody opened it in time." }, gatewayActor);
    }
  };
  const forget = async (): Promise<void> => {
    const { historyDays } = deps.limits();
    if (historyDays > 0) await deps.store.deleteEndedBefore(deps.clock.nowMs() - historyDays * dayMs);
  };
  const sweep = async (): Promise<void> => {
    await revoke();
    await expire();
    await forget();
  };
  const timer = setInterval(() => {
    sweep().catch((error) => deps.log.error({ err: error }, "sessions not swept"));
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};
