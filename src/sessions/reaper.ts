import type { Clock } from "../core/clock.ts";
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
 * Ends sessions that nobody opened in time or whose owner has lost access, by whatever process, forgets those that ended
 * long ago, and writes the ends that could not be written. `stop` ends its timer.
 */
export const startReaper = (deps: {
  store: SessionStore;
  directory: SessionDirectory;
  /** Why an owner may have no sessions any more, or null. */
  standing: (owner: SessionOwner) => Promise<string | null>;
  nodeId: string;
  limits: () => ReaperLimits;
  clock: Clock;
  steadyClock: Clock;
  log: Logger;
}): { stop(): void } => {
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      deps.log.error({ err: error }, "sessions not swept");
    }
  };
  const revoke = async (): Promise<void> => {
    for (const owner of await deps.store.listLiveOwners({ nodeId: deps.nodeId })) {
      const detail = await deps.standing(owner);
      if (detail === null) continue;
      // One that cannot be ended must not keep the next from it.
      await attempt(() => deps.directory.endAllOf(owner, { reason: "revoked", detail }, gatewayActor));
    }
  };
  /** When each pending session was made, by the steady clock: the host's may be set while it waits. */
  let made = new Map<string, number>();
  const expire = async (): Promise<void> => {
    const { pendingTimeoutSeconds, bannerTimeoutSeconds } = deps.limits();
    const [nowMs, steadyMs] = [deps.clock.nowMs(), deps.steadyClock.nowMs()];
    const waiting = await deps.store.listLive({ nodeId: deps.nodeId, status: "pending" });
    const before = made;
    made = new Map();
    for (const { id, createdAtMs, bannerText } of waiting) {
      // It was not there at the last look, so it is hardly older than the time between two.
      const ageMs = Math.min(Math.max(nowMs - createdAtMs, 0), everyMs);
      const madeMs = before.get(id) ?? steadyMs - ageMs;
      made.set(id, madeMs);
      const limitSeconds = bannerText === null ? pendingTimeoutSeconds : bannerTimeoutSeconds;
      if (limitSeconds === 0 || steadyMs - madeMs < limitSeconds * 1000) continue;
      // One that is connecting has limits of its own.
      if (deps.directory.isRunning(id)) continue;
      await deps.directory.end(id, { reason: "expired", detail: "Nobody opened it in time." }, gatewayActor);
    }
  };
  const forget = async (): Promise<void> => {
    const { historyDays } = deps.limits();
    if (historyDays > 0) await deps.store.deleteEndedBefore(deps.clock.nowMs() - historyDays * dayMs);
  };
  let isSweeping = false;
  const sweep = async (): Promise<void> => {
    // A database that is away can make one take longer than the time between two.
    if (isSweeping) return;
    isSweeping = true;
    await deps.directory.writeEnds();
    for (const work of [revoke, expire, forget]) await attempt(work);
    isSweeping = false;
  };
  const timer = setInterval(() => void sweep(), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};
