import type { Notice, SessionView } from "../../resources/sessions/schema.ts";
import { keysyms } from "./keysyms.ts";
import { shortName } from "./names.ts";
import type { PageFacts } from "./page-facts.ts";
import type { Remote } from "./remote.ts";
import type { Screen } from "./screen.ts";
import { createSessionStrips } from "./session-strips.ts";
import type { Strips } from "./strips.ts";

type Shown = Extract<Notice, { kind: "expires" | "watching" | "warning" }>;

/** Shows what the gateway and the network tell of a session that runs. */
export interface NoticeBoard {
  show(notice: Shown): void;
  /** The network answers, or has not answered for a while. */
  showSteady(isSteady: boolean): void;
  /** The connection is gone, and what was counted with it; the next one is told anew. */
  forget(): void;
}

interface NoticeBoardInput {
  readonly strips: Strips;
  readonly screen: Screen;
  readonly remote: Remote;
  readonly session: SessionView;
  readonly facts: PageFacts;
}

/** The tunnel tells of a silence when it is this long. */
const unstableAfterMs = 3_000;

export const createNoticeBoard = ({ strips, screen, remote, session, facts }: NoticeBoardInput): NoticeBoard => {
  const sessionStrips = createSessionStrips(strips);
  const warnings = new Set(session.warnings);
  const watchers = new Map<string, number>();
  let silence: ReturnType<typeof setInterval> | undefined;
  const stay = () => {
    // Counts as input and types nothing.
    remote.key(keysyms.shift[0], false);
    screen.takeKeys();
  };
  const showExpiry = ({ limit, seconds }: Extract<Shown, { kind: "expires" }>) => {
    if (seconds === null) strips.hide(limit);
    else if (limit === "max_duration") sessionStrips.endsAt(seconds, facts.longestMs);
    else sessionStrips.idle(seconds, facts.isWatching ? null : stay);
  };
  const showWatching = ({ name, joined, count }: Extract<Shown, { kind: "watching" }>) => {
    const places = (watchers.get(name) ?? 0) + (joined ? 1 : -1);
    if (places > 0) watchers.set(name, places);
    else watchers.delete(name);
    if (count === 0) watchers.clear();
    screen.showWatchers([...watchers.keys()], count);
    if (joined) sessionStrips.watching(shortName(name));
  };
  if (warnings.size > 0) screen.showWarnings([...warnings]);
  return {
    show: (notice) => {
      if (notice.kind === "expires") showExpiry(notice);
      else if (notice.kind === "watching") showWatching(notice);
      else screen.showWarnings([...warnings.add(notice.text)]);
    },
    showSteady: (isSteady) => {
      clearInterval(silence);
      if (isSteady) return;
      const sinceMs = Date.now() - unstableAfterMs;
      const tell = () => screen.showHealth({ kind: "unstable", sinceMs });
      tell();
      silence = setInterval(tell, 1000);
    },
    forget: () => {
      clearInterval(silence);
      watchers.clear();
      screen.showWatchers([], 0);
    },
  };
};
