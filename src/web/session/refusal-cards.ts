import { isTooOften, type Refusal } from "./api.ts";
import type { Card } from "./card.ts";
import { noticeCard } from "./notice-card.ts";

const retryAfterSeconds = 4;
const startLookMs = 3_000;

/**
 * The gateway said no. People who are not signed in are sent to sign in and come back here; who has asked too often is
 * told how long to wait, and the page then looks again by itself.
 */
export const refusalCard = (siteTitle: string, refusal: Refusal, retry: () => void): Card => {
  if (isTooOften(refusal)) {
    return noticeCard({
      siteTitle,
      title: "Too many requests",
      sentence: "The gateway has heard too much from you for the moment. Your sessions go on.",
      code: refusal.code,
      requestId: refusal.requestId,
      retry: { afterSeconds: refusal.retryAfterSeconds ?? retryAfterSeconds, run: retry },
    });
  }
  if (refusal.code === "unauthenticated")
    location.replace(`/?next=${encodeURIComponent(location.pathname + location.search)}`);
  const [title, sentence] = words[refusal.code] ?? ["The gateway refused this session", refusal.detail];
  return noticeCard({ siteTitle, title, sentence, code: refusal.code, requestId: refusal.requestId });
};

/** The gateway said nothing; the page looks again by itself. */
export const unreachableCard = (siteTitle: string, retry: () => void): Card =>
  noticeCard({
    siteTitle,
    title: "The gateway does not answer",
    sentence: "It may be restarting, or something between you and the gateway holds back its traffic.",
    code: "gateway_unreachable",
    retry: { afterSeconds: retryAfterSeconds, run: retry },
  });

/** Somebody who looks on came before the owner. */
export const notStartedCard = (siteTitle: string, look: () => void): Card =>
  noticeCard({
    siteTitle,
    title: "The session has not started yet",
    sentence: "This page opens it when it does.",
    code: "not_started",
    poll: { everyMs: startLookMs, run: look },
  });

const words: Readonly<Record<string, readonly [title: string, sentence: string]>> = {
  unauthenticated: ["Sign in first", "You are taken to the sign-in page and back here."],
  not_found: ["No such session", "There is no such session, or it is not yours."],
  gone: ["This session has ended", "Start a new one from your sessions."],
};
