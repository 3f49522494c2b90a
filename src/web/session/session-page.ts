import type { EndReason, SessionView } from "../../resources/sessions/schema.ts";
import { endSession, explainRefusal, getSession } from "./api.ts";
import { bannerCard } from "./banner-card.ts";
import { connectingCard } from "./connecting-card.ts";
import { openConnection } from "./connection.ts";
import { endedCard } from "./ended-card.ts";
import { createOverlay } from "./overlay.ts";
import { showPageState } from "./page-state.ts";
import { refusalCard, unreachableCard } from "./refusal-cards.ts";
import { createScreen } from "./screen.ts";
import { sessionName } from "./session-name.ts";
import { createStage } from "./stage.ts";

/** Why a session ended, as far as this page was told. */
interface KnownEnd {
  readonly reason: EndReason;
  readonly detail: string | null;
}

/** A quick connection shows no card at all. */
const cardAfterMs = 300;
const silentAfterMs = 10_000;
/** What the session host does not know is written down once the session runs. */
const warningsAfterMs = 1_000;
const endedPollMs = 100;
const endedPolls = 24;

/** What the page's HTML tells besides the program. */
export interface PageFacts {
  readonly sessionId: string;
  readonly siteTitle: string;
  /** How long the gateway keeps a session with something to read; 0 is for ever. */
  readonly bannerTimeoutMs: number;
}

/** The session page from its address to its end: load → banner → connecting → running → ended. */
export const runSessionPage = (root: HTMLElement, facts: PageFacts): void => {
  const { sessionId, siteTitle } = facts;
  const stage = createStage();
  const overlay = createOverlay(stage.element);
  let wasConnected = false;
  root.append(stage.element, overlay.element);

  const load = async () => {
    const answer = await getSession(sessionId);
    if (answer.kind === "unreachable") overlay.show(unreachableCard(siteTitle, load));
    else if (answer.kind === "refused") overlay.show(refusalCard(siteTitle, answer));
    else if (answer.value.status === "ended") showEnded(answer.value, null);
    else if (answer.value.banner !== null && answer.value.status === "pending")
      showBanner(answer.value, answer.value.banner);
    else connect(answer.value);
  };

  const showBanner = (session: SessionView, banner: string) => {
    showPageState(sessionName(session), "connecting");
    const onCancel = async () => {
      await endSession(sessionId);
      await settle(session, { reason: "closed", detail: null }, true);
    };
    overlay.show(
      bannerCard({
        session,
        banner,
        waitsUntil:
          facts.bannerTimeoutMs === 0 ? null : new Date(Date.parse(session.created_at) + facts.bannerTimeoutMs),
        onContinue: () => connect(session),
        onCancel,
        onExpired: load,
      }),
    );
  };

  const connect = (session: SessionView) => {
    // A second screen on the same page would hear every key twice.
    if (wasConnected) return location.reload();
    wasConnected = true;
    overlay.cover();
    showPageState(sessionName(session), "connecting");
    let end: KnownEnd | null = null;
    const cancel = async () => {
      end ??= { reason: "closed", detail: null };
      await endSession(sessionId);
      connection.end();
    };
    const card = connectingCard(session, cancel);
    const cardTimer = setTimeout(() => overlay.show(card), cardAfterMs);
    let silentTimer: ReturnType<typeof setTimeout> | undefined;
    const connection = openConnection(sessionId, stage.measure(), {
      notice: (notice) => {
        clearTimeout(silentTimer);
        if (notice.kind === "step") card.step(notice);
        else if (notice.kind === "ended") end = { reason: notice.end_reason, detail: notice.end_detail };
      },
      socketOpened: () => {
        silentTimer = setTimeout(card.warnSilent, silentAfterMs);
      },
      pictured: () => {
        clearTimeout(silentTimer);
        clearTimeout(cardTimer);
        overlay.hide();
        showPageState(sessionName(session), "running");
        screen.start();
        setTimeout(showWarnings, warningsAfterMs);
      },
      steadied: (isSteady) => screen.showSteady(isSteady),
      roundTripped: (ms) => screen.showRoundTrip(ms),
      copied: (stream, mimetype) => screen.clipboard.receive(stream, mimetype),
      pasteRefused: () => screen.clipboard.refused(),
      closed: ({ wasOpen }) => {
        clearTimeout(silentTimer);
        clearTimeout(cardTimer);
        screen.stop();
        void settle(session, end, wasOpen);
      },
    });
    const showWarnings = async () => {
      const answer = await getSession(sessionId);
      if (answer.kind === "ok") screen.showWarnings(answer.value.warnings);
    };
    const screen = createScreen({
      root,
      stage,
      session,
      connection,
      onEnd: () => {
        end = { reason: "closed", detail: null };
        connection.end();
      },
    });
  };

  /** Finds out how the session ended when nobody told, and shows it. */
  const settle = async (before: SessionView, end: KnownEnd | null, wasOpen: boolean) => {
    for (let poll = 0; poll < endedPolls; poll += 1) {
      const answer = await getSession(sessionId);
      if (answer.kind === "ok" && answer.value.status === "ended") return showEnded(answer.value, end);
      if (answer.kind === "ok" && end === null && !wasOpen) return showRefused();
      if (answer.kind !== "ok" && end !== null) return showEnded(before, end);
      if (answer.kind === "unreachable") return overlay.show(unreachableCard(siteTitle, load));
      if (answer.kind === "refused") return overlay.show(refusalCard(siteTitle, answer));
      await new Promise((resolve) => setTimeout(resolve, endedPollMs));
    }
    return showEnded(before, end ?? { reason: "client_gone", detail: null });
  };

  /** The upgrade failed though the session lives: the tunnel's address says why. */
  const showRefused = async () => {
    const why = await explainRefusal(sessionId);
    if (why.kind === "refused" && why.code === "gone") return load();
    const isBlocked = why.kind === "ok" || why.kind === "unreachable" || why.code === "upgrade_required";
    return overlay.show(isBlocked ? unreachableCard(siteTitle, load) : refusalCard(siteTitle, why));
  };

  const showEnded = (session: SessionView, told: KnownEnd | null) => {
    showPageState(sessionName(session), "ended");
    overlay.show(
      endedCard({
        session,
        reason: session.end_reason ?? told?.reason ?? "error",
        detail: session.end_detail ?? told?.detail ?? null,
        startedAt: session.started_at === null ? null : new Date(session.started_at),
        endedAt: session.ended_at === null ? new Date() : new Date(session.ended_at),
      }),
    );
  };

  void load();
};
