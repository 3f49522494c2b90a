import type { EndReason, Notice, SessionView } from "../../resources/sessions/schema.ts";
import { endSession, explainRefusal, getSession, isPassing, isTooOften, type Refusal } from "./api.ts";
import { openAudio } from "./audio.ts";
import { type Closed, type Connection, openConnection } from "./connection.ts";
import { createNoticeBoard } from "./notice-board.ts";
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
  let state: "connecting" | "shown" | "lost" | "over" = "over";
  let connection: Connection | null = null;
  let told: KnownEnd | null = null;
  let isTaken = false;
  let wasOpened = false;
  /** The person let go of the connection; nothing is wrong so far. */
  let isReconnecting = false;

  const finish = () => {
    state = "over";
    connection = null;
    board.forget();
    retry.stop();
    room.close();
    input.strips.hideAll();
    screen.stop();
  };
  const end = () => {
    if (state === "over") return;
    const last = connection;
    finish();
    last?.end();
    if (isWatching) location.assign("/");
    else onOver({ reason: "closed", detail: null });
  };
  const cancel = async () => {
    if (!isWatching) await endSession(sessionId);
    end();
  };
  const room = createWaitingRoom({ overlay, session, onCancel: () => void cancel(), onClear: () => screen.takeKeys() });

  const look = async (): Promise<Outlook> => {
    const answer = await getSession(sessionId);
    if (state === "over") return "over";
    if (answer.kind === "unreachable" || (answer.kind === "refused" && isPassing(answer))) {
      lose(Date.now());
      return "unknown";
    }
    if (answer.kind === "ok" && answer.value.status !== "ended") return "kept";
    finish();
    if (answer.kind === "refused") onRefused(answer);
    else onOver(told);
    return "over";
  };

  const connect = () => {
    connection?.drop();
    board.forget();
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
          isReconnecting = false;
          state = "shown";
          retry.worked();
          room.leave();
          screen.show(mine.client, size);
          showPageState(name, "running");
          input.strips.hide("lost");
          if (wasLost) strips.back();
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
    else board.show(notice);
  };
  const showSteady = (isSteady: boolean) => {
    wasOpened ||= isSteady;
    if (isSteady || state === "shown") board.showSteady(isSteady);
  };

  const closed = async ({ status, wasOpen, lastHeardMs }: Closed) => {
    connection = null;
    board.forget();
    if (told !== null || isTaken || status === statusOpenedElsewhere) {
      finish();
      return told === null ? onTaken() : onOver(told);
    }
    if (!wasOpen) {
      const why = await explainRefusal(sessionId, isWatching);
      if (state === "over" || connection !== null) return;
      const isFinal = why.kind === "refused" && !isPassing(why) && why.code !== "upgrade_required";
      if (isFinal || !wasOpened) {
        finish();
        return onRefused(isFinal || (why.kind === "refused" && isTooOften(why)) ? why : null);
      }
    }
    lose(lastHeardMs);
    retry.later();
  };
  const hold = () => {
    state = "lost";
    screen.hold();
    room.setConnected(false);
    showPageState(name, "lost");
  };
  const lose = (sinceMs: number) => {
    if (state === "lost" && !isReconnecting) return;
    isReconnecting = false;
    hold();
    strips.lost(isWatching || facts.resumeMs === 0 ? null : sinceMs + facts.resumeMs, tryNow);
  };
  const tryNow = () => {
    connection?.drop();
    connection = null;
    retry.now();
  };
  const reconnect = () => {
    if (state !== "shown") return;
    hold();
    isReconnecting = true;
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
    onEnd: end,
  });
  const board = createNoticeBoard({ strips: input.strips, screen, remote, session, facts });

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
