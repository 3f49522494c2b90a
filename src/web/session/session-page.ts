import type { SessionView } from "../../resources/sessions/schema.ts";
import { endSession, getSession } from "./api.ts";
import { bannerCard } from "./banner-card.ts";
import { elsewhereCard } from "./elsewhere-card.ts";
import { createOverlay } from "./overlay.ts";
import type { PageFacts } from "./page-facts.ts";
import { showPageState } from "./page-state.ts";
import { notStartedCard, refusalCard, unreachableCard } from "./refusal-cards.ts";
import { createRemote } from "./remote.ts";
import { sessionName } from "./session-name.ts";
import { createStage } from "./stage.ts";
import { createStrips } from "./strips.ts";
import { createVisit, type KnownEnd, type Visit } from "./visit.ts";

const loadEndedCard = () => import("./ended-card.ts");
const endedPollMs = 100;
const endedPolls = 24;
const unheardPolls = 8;

/** The session page from its address to its end: load → banner → visit → ended. */
export const runSessionPage = (root: HTMLElement, facts: PageFacts): void => {
  const { sessionId, siteTitle, isWatching } = facts;
  const remote = createRemote();
  const stage = createStage(remote);
  const overlay = createOverlay(stage.element);
  const strips = createStrips();
  let visit: Visit | null = null;
  let isWaiting = false;
  root.append(stage.element, strips.element, overlay.element);

  const load = async () => {
    const answer = await getSession(sessionId);
    const isPending = answer.kind === "ok" && answer.value.status === "pending";
    if (isWatching && isPending) return wait();
    isWaiting = false;
    if (answer.kind === "unreachable") overlay.show(unreachableCard(siteTitle, load));
    else if (answer.kind === "refused") overlay.show(refusalCard(siteTitle, answer, load));
    else if (answer.value.status === "ended") await showEnded(answer.value, null);
    else if (answer.value.banner !== null && isPending) showBanner(answer.value, answer.value.banner);
    else enter(answer.value);
  };

  /** Somebody who looks on waits for the owner to start. The card stays while the page looks again and again. */
  const wait = () => {
    if (!isWaiting) overlay.show(notStartedCard(siteTitle, load));
    isWaiting = true;
  };

  const showBanner = (session: SessionView, banner: string) => {
    showPageState(sessionName(session), "connecting");
    const onCancel = async () => {
      await endSession(sessionId);
      await settle(session, { reason: "closed", detail: null });
    };
    overlay.show(
      bannerCard({
        session,
        banner,
        waitsUntil:
          facts.bannerTimeoutMs === 0 ? null : new Date(Date.parse(session.created_at) + facts.bannerTimeoutMs),
        onContinue: () => enter(session),
        onCancel,
        onExpired: load,
      }),
    );
  };

  const enter = (session: SessionView) => {
    visit ??= createVisit({
      root,
      stage,
      remote,
      overlay,
      strips,
      session,
      facts,
      // When the gateway goes down, what tells so has to be here already.
      onShown: () => void loadEndedCard().catch(() => undefined),
      onOver: (told) => void settle(session, told),
      onTaken: () => {
        showPageState(sessionName(session), "ended");
        overlay.show(elsewhereCard(session, load));
      },
      onRefused: (refusal) => {
        if (refusal?.code === "gone") return load();
        if (refusal?.code === "not_started") return wait();
        return overlay.show(refusal ? refusalCard(siteTitle, refusal, load) : unreachableCard(siteTitle, load));
      },
    });
    visit.open();
  };

  /** Finds out how the session ended when nobody told, and shows it. */
  const settle = async (before: SessionView, end: KnownEnd | null) => {
    for (let poll = 0; poll < endedPolls; poll += 1) {
      const answer = await getSession(sessionId);
      if (answer.kind === "ok" && answer.value.status === "ended") return showEnded(answer.value, end);
      if (answer.kind !== "ok" && end !== null) return showEnded(before, end);
      if (answer.kind === "unreachable") return overlay.show(unreachableCard(siteTitle, load));
      if (answer.kind === "refused") return overlay.show(refusalCard(siteTitle, answer, load));
      // The word that ended it was lost with the connection.
      if (poll === unheardPolls && end?.reason === "closed") await endSession(sessionId);
      await new Promise((resolve) => setTimeout(resolve, endedPollMs));
    }
    return showEnded(before, end ?? { reason: "client_gone", detail: null });
  };

  const showEnded = async (session: SessionView, told: KnownEnd | null) => {
    showPageState(sessionName(session), "ended");
    const loaded = await loadEndedCard().catch(() => null);
    if (loaded === null) return overlay.show(unreachableCard(siteTitle, load));
    const card = loaded.endedCard({
      session,
      facts,
      reason: session.end_reason ?? told?.reason ?? "error",
      detail: session.end_detail ?? told?.detail ?? null,
      startedAt: session.started_at === null ? null : new Date(session.started_at),
      endedAt: session.ended_at === null ? new Date() : new Date(session.ended_at),
    });
    return overlay.show(card);
  };

  void load();
};
