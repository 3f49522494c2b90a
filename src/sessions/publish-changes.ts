import type { Bus } from "./bus.ts";
import type { SessionStore } from "./session-store.ts";

/** The same store, which tells the bus of each session that it has changed, once the change is written. */
export const publishChanges = (store: SessionStore, bus: Bus): SessionStore => {
  const told = (sessionId: string) => bus.publish({ kind: "session", sessionId });
  return {
    ...store,
    insertPending: async (session, ...others) => {
      await store.insertPending(session, ...others);
      told(session.id);
    },
    activate: async (id, ...others) => {
      const hasChanged = await store.activate(id, ...others);
      if (hasChanged) told(id);
      return hasChanged;
    },
    end: async (id, ...others) => {
      const hasChanged = await store.end(id, ...others);
      if (hasChanged) told(id);
      return hasChanged;
    },
    deleteEndedBefore: async (timeMs) => {
      const ids = await store.deleteEndedBefore(timeMs);
      for (const id of ids) told(id);
      return ids;
    },
  };
};
