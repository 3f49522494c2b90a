import { isId } from "../core/ids.ts";
import type { PageAssets } from "./assets.ts";
import { pageResponse, sentencePage } from "./page.ts";
import { portalPaths } from "./portal-paths.ts";

export interface PagesDeps {
  readonly portal: PageAssets;
  readonly session: PageAssets;
  readonly apiDocs: PageAssets;
  readonly siteTitle: () => string;
  /** How long a banner waits for Continue; 0 = for ever. The page shows until when. */
  readonly bannerTimeoutSeconds: () => number;
  /** How long a session is kept for a browser that was lost. The page counts it down. */
  readonly resumeSeconds: () => number;
  /** 0 = no limit. The page names both when they ended a session. */
  readonly idleTimeoutSeconds: () => number;
  readonly maxDurationSeconds: () => number;
}

/**
 * The pages for people, by path; undefined when there is none. They hold no data and are open to everybody: what they
 * show comes from the API, which decides.
 */
export const pageAt = (path: string, nonce: string, deps: PagesDeps): Response | undefined => {
  if (portalPaths.has(path)) {
    const facts = { "resume-seconds": String(deps.resumeSeconds()) };
    return pageResponse({ title: deps.siteTitle(), assets: deps.portal, nonce, facts });
  }
  if (path === "/api-docs") return pageResponse({ title: `API of ${deps.siteTitle()}`, assets: deps.apiDocs, nonce });
  const sessionId = /^\/client\/([^/]+)$/.exec(path)?.[1];
  if (sessionId === undefined) return undefined;
  if (!isId(sessionId)) {
    const sentence = "There is no such session, or it is not yours.";
    return sentencePage({ title: "No such session", sentence, status: 404, nonce });
  }
  const facts = {
    "banner-timeout-seconds": String(deps.bannerTimeoutSeconds()),
    "resume-seconds": String(deps.resumeSeconds()),
    "idle-timeout-seconds": String(deps.idleTimeoutSeconds()),
    "max-duration-seconds": String(deps.maxDurationSeconds()),
    "site-title": deps.siteTitle(),
  };
  return pageResponse({ title: deps.siteTitle(), assets: deps.session, nonce, facts });
};
