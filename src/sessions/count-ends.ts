import type { SessionMeter } from "./session-meter.ts";
import type { SessionStore } from "./session-store.ts";

/** The same store, which tells the meter of each session that it has ended. */
export const countEnds = (store: SessionStore, meter: Pick<SessionMeter, "sessionEnded">): SessionStore => ({
  ...store,
  end: async (id, end, ...others) => {
    const hasChanged = await store.end(id, end, ...others);
    if (hasChanged) meter.sessionEnded(end.reason);
    return hasChanged;
  },
});
