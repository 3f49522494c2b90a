import type { EndReason, Notice, SessionView } from "../../resources/sessions/schema.ts";
import { endSession, explainRefusal, getSession, type Refusal } from "./api.ts";
import { openAudio } from "./audio.ts";
import { type Closed, type Connection, openConnection } from "./connection.ts";
import { keysyms } from "./keysyms.ts";
import { shortName } from "./names.ts";
import type { Overlay } from "./overlay.ts";
import type { PageFacts } from "./page-facts.ts";
import { showPageState } from "./page-state.ts";
import type { Remote } from "./remote.ts";
import { createRetry, type Outlook } from "./retry.ts";
import { createScreen } from "./screen.ts";
import { sessionName } from "./session-name.ts";
import { createSessionStrips } from "./session-strips.ts";
import type { Stage } from "./stage.ts";
import type { Strips } from "./strips.ts";
import { createWaitingRoom } from "./waiting-room.ts";
import { onWake } from "./wake.ts";

/** Why a session ended, as far as this page was told. */
export interface KnownEnd {
  readonly reason: EndReason;
  readonly detail: string | null;
}

export interface VisitInput {
  readonly root: HTMLElement;
  readonly stage: Stage;
  readonly remote: Remote;
  readonly overlay: Overlay;
  readonly strips: Strips;
  readonly session: SessionView;
  readonly facts: PageFacts;
  /** A picture is on the screen. */
  readonly onShown: () => void;
  /** The session is over. */
  readonly onOver: (told: KnownEnd | null) => void;
  /** Another window has it. */
  readonly onTaken: () => void;
  /** The gateway does not let this page in, or (null) nothing answers at the tunnel's address. */
  readonly onRefused: (refusal: Refusal | null) => void;
}

export interface Visit {
  /** Opens the tunnel, for the first time or once more after the visit was over. */
  open(): void;
}

const statusOpenedElsewhere = 521;
/** What the session host does not know is written down once the session runs. */
const warningsAfterMs = 1_000;
const unstableAfterMs = 3_000;

/**
 * This page's stay in a session: connecting → shown ⇄ lost → over. While it is lost it tries again; the next connection's
 * picture takes the place of the one before without a reload.
 */
export const createVisit = (input: VisitInput): Visit => {
  const { root, stage, remote, overlay, session, facts, onShown, onOver, onTaken, onRefused } = input;
  const { sessionId, isWatching } = facts;
  const name = sessionName(session);
  const strips = createSessionStrips(input.strips);
  const audioTypes = session.session_type === "ssh" ? [] : openAudio();
  const warnings = new Set(session.warnings);
  const watchers = new Map<string, number>();
  let state: "connecting" | "shown" | "lost" | "over" = "over";
  let connection: Connection | null = null;
  let told: KnownEnd | null = null;
  let isTaken = false;
  let wasOpened = false;
  let silence: ReturnType<typeof setInterval> | undefined;

  const finish = () => {
    state = "over";
    connection = null;
    clearInterval(silence);
    retry.stop();
    room.close();
    input.strips.hideAll();
    screen.stop();
  };
  const end = async () => {
    const last = connection;
    finish();
    last?.end();
    if (isWatching) return location.assign("/");
    return onOver({ reason: "closed", detail: null });
  };
  const cancel = async () => {
    if (!isWatching) await endSession(sessionId);
    await end();
  };
  const room = createWaitingRoom({ overlay, session, onCancel: () => void cancel(), onClear: () => screen.takeKeys() });

  const look = async (): Promise<Outlook> => {
    const answer = await getSession(sessionId);
    if (state === "over") return "over";
    if (answer.kind === "unreachable" || (answer.kind === "refused" && answer.status >= 500)) return "unknown";
    if (answer.kind === "ok" && answer.value.status !== "ended") return "kept";
    finish();
    if (answer.kind === "refused") onRefused(answer);
    else onOver(told);
    return "over";
  };

  const connect = () => {
    const size = stage.measure();
    const mine: Connection = openConnection({
      sessionId,
      isWatching,
      size,
      audioTypes,
      events: {
        notice: hear,
        socketOpened: room.socketOpened,
        asked: (names) => {
          room.heard();
          screen.makeRoom();
          room.ask(names, mine.answer);
        },
        pictured: () => {
          // The picture is drawn a moment after it came; by then the connection may be gone.
          if (connection !== mine) return;
          const wasLost = state === "lost";
          state = "shown";
          retry.worked();
          room.leave();
          screen.show(mine.client, size);
          showPageState(name, "running");
          input.strips.hide("lost");
          if (wasLost) strips.back();
          setTimeout(readWarnings, warningsAfterMs);
          onShown();
        },
        steadied: showSteady,
        roundTripped: (ms) => state === "shown" && screen.showHealth({ kind: "steady", roundTripMs: ms }),
        copied: (stream, mimetype) => screen.clipboard.receive(stream, mimetype),
        pasteRefused: () => screen.clipboard.refused(),
        fingersOffered: (count) => screen.offerFingers(count),
        closed: (how) => void closed(how),
      },
    });
    connection = mine;
  };
  const retry = createRetry({ look, connect });

  const hear = (notice: Notice) => {
    room.heard();
    wasOpened = true;
    if (notice.kind === "step") room.step(notice);
    else if (notice.kind === "ended") told = { reason: notice.end_reason, detail: notice.end_detail };
    else if (notice.kind === "prompt_refused") room.refused({ detail: notice.detail, triesLeft: notice.tries_left });
    else if (notice.kind === "taken_over") isTaken = true;
    else if (notice.kind === "warning") screen.showWarnings([...warnings.add(notice.text)]);
    else if (notice.kind === "watching") showWatching(notice);
    else if (notice.kind === "expires") showExpiry(notice);
  };
  const showExpiry = ({ limit, seconds }: Extract<Notice, { kind: "expires" }>) => {
    if (seconds === null) input.strips.hide(limit);
    else if (limit === "max_duration") strips.endsAt(seconds, facts.longestMs);
    else strips.idle(seconds, isWatching ? null : () => remote.key(keysyms.shift[0], false));
  };
  const showWatching = (notice: Extract<Notice, { kind: "watching" }>) => {
    const places = (watchers.get(notice.name) ?? 0) + (notice.joined ? 1 : -1);
    if (places > 0) watchers.set(notice.name, places);
    else watchers.delete(notice.name);
    if (notice.count === 0) watchers.clear();
    screen.showWatchers([...watchers.keys()], notice.count);
    if (notice.joined) strips.watching(shortName(notice.name));
  };
  const showSteady = (isSteady: boolean) => {
    wasOpened ||= isSteady;
    clearInterval(silence);
    if (isSteady || state !== "shown") return;
    const sinceMs = Date.now() - unstableAfterMs;
    const tell = () => screen.showHealth({ kind: "unstable", sinceMs });
    tell();
    silence = setInterval(tell, 1000);
  };
  const readWarnings = async () => {
    const answer = await getSession(sessionId);
    if (answer.kind !== "ok") return;
    for (const warning of answer.value.warnings) warnings.add(warning);
    screen.showWarnings([...warnings]);
  };

  const closed = async ({ status, wasOpen, lastHeardMs }: Closed) => {
    connection = null;
    clearInterval(silence);
    if (told !== null || isTaken || status === statusOpenedElsewhere) {
      finish();
      return told === null ? onTaken() : onOver(told);
    }
    if (!wasOpen) {
      const why = await explainRefusal(sessionId, isWatching);
      if (state === "over" || connection !== null) return;
      const isFinal = why.kind === "refused" && why.status < 500 && why.code !== "upgrade_required";
      if (isFinal || !wasOpened) {
        finish();
        return onRefused(isFinal ? why : null);
      }
    }
    lose(lastHeardMs);
    retry.later();
  };
  const lose = (sinceMs: number) => {
    if (state === "lost") return;
    state = "lost";
    screen.hold();
    room.setConnected(false);
    showPageState(name, "lost");
    strips.lost(isWatching || facts.resumeMs === 0 ? null : sinceMs + facts.resumeMs, tryNow);
  };
  const tryNow = () => {
    connection?.drop();
    connection = null;
    retry.now();
  };
  const reconnect = () => {
    if (state !== "shown") return;
    lose(Date.now());
    strips.connectingAgain();
    tryNow();
  };
  onWake(() => {
    if (connection !== null) connection.probe();
    else if (state === "lost") retry.now();
  });
  const screen = createScreen({
    root,
    stage,
    remote,
    session,
    isWatching,
    onReconnect: reconnect,
    onEnd: () => void end(),
  });
  if (warnings.size > 0) screen.showWarnings([...warnings]);

  return {
    open: () => {
      state = "connecting";
      told = null;
      isTaken = false;
      wasOpened = false;
      showPageState(name, "connecting");
      room.enter();
      connect();
    },
  };
};
