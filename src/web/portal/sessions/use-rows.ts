import { useRef, useState } from "react";
import type { SessionView } from "../../../resources/sessions/schema.ts";
import type { PagePath } from "../paths.ts";
import { useShell } from "../shell.ts";
import { belongsTo } from "./belongs-to.ts";
import { steadyRows } from "./steady-rows.ts";
import { useWithEarlier } from "./use-with-earlier.ts";

/** The rows of a list of sessions. What ends while it is looked at stays in its place until the list is left. */
export const useRows = (path: PagePath) => {
  const { live, me } = useShell();
  const [isHeld, setIsHeld] = useState(false);
  const last = useRef<{ path: PagePath; shown: readonly string[] }>({ path, shown: [] });
  if (last.current.path !== path) last.current = { path, shown: [] };
  const rows: readonly SessionView[] = steadyRows({
    shown: last.current.shown,
    sessions: useWithEarlier(live.sessions ?? [], path),
    belongs: belongsTo(path, me),
    isHeld,
  });
  last.current.shown = rows.map(({ session_id }) => session_id);
  return { rows, setIsHeld };
};
