import { SessionFailure } from "../core/session-end.ts";

/** There is no guacd for a session; `detail` is the sentence that says so. */
export const guacdDown = (detail: string, cause?: unknown): SessionFailure =>
  new SessionFailure("guacd_failed", detail, { cause, status: 514, fault: "guacd_down" });
