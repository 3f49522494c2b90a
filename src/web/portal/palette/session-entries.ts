import { durationWords } from "../duration-words.ts";
import { isMine } from "../me.ts";
import { mainActionOf } from "../sessions/main-action.ts";
import { addressOf, nameOf, ownerName } from "../sessions/session-words.ts";
import type { Shell } from "../shell.ts";
import type { PaletteEntry } from "./palette-entry.ts";

/** The sessions that can be opened or looked at, mine first. */
export const sessionEntries = ({ me, live }: Shell, nowMs: number): PaletteEntry[] => {
  const open = (live.sessions ?? []).flatMap((session) => {
    const isOwn = isMine(session, me);
    const action = session.status === "ended" ? null : mainActionOf(session, isOwn);
    return action === null ? [] : [{ session, action, isOwn }];
  });
  return open
    .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))
    .map(({ session, action, isOwn }) => {
      const sinceMs = Date.parse(session.started_at ?? session.created_at);
      const owner = isOwn ? "Yours" : ownerName(session);
      return {
        id: session.session_id,
        group: "Running sessions",
        title: nameOf(session),
        note: `${owner}, ${durationWords(nowMs + live.skewMs - sinceMs)} · ${addressOf(session)}`,
        mark: { protocol: session.session_type },
        verb: action.verb,
        address: action.href,
        act: () => {
          if (action.opensWindow) window.open(action.href, "_blank", "noopener");
          else location.assign(action.href);
        },
      };
    });
};
