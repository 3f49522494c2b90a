import type { SessionLimits } from "./end-words.ts";

/** What the page's HTML and address tell besides the program. */
export interface PageFacts extends SessionLimits {
  readonly sessionId: string;
  readonly siteTitle: string;
  /** The page shows another person's session and sends nothing into it. */
  readonly isWatching: boolean;
  /** How long the gateway keeps a session with something to read; 0 is for ever. */
  readonly bannerTimeoutMs: number;
}

export const readPageFacts = (place: HTMLElement): PageFacts => {
  const ms = (seconds: string | undefined) => Number(seconds ?? 0) * 1000;
  const { siteTitle, bannerTimeoutSeconds, resumeSeconds, idleTimeoutSeconds, maxDurationSeconds } = place.dataset;
  return {
    sessionId: location.pathname.split("/")[2] ?? "",
    siteTitle: siteTitle ?? "Sallyport",
    isWatching: new URLSearchParams(location.search).get("mode") === "view",
    bannerTimeoutMs: ms(bannerTimeoutSeconds),
    resumeMs: ms(resumeSeconds),
    idleLimitMs: ms(idleTimeoutSeconds),
    longestMs: ms(maxDurationSeconds),
  };
};
