import type { SessionEnd } from "../core/session-end.ts";
import type { LegEnd } from "../guacd/guacd-leg.ts";
import { endOfGuacdError } from "../guacd/status.ts";
import type { DetachCause } from "../tunnel/attachment.ts";

/** What became of a browser, for whom it was the session's last. */
export const detachSentences: Readonly<Record<DetachCause, string>> = {
  closed: "The connection to the browser was lost.",
  silent: "The browser did not answer any more.",
  slow: "The browser took nothing for too long.",
  behind: "The browser fell behind the session.",
  grammar: "The browser sent what is not the Guacamole protocol.",
  overrun: "The browser sent more than the session host takes.",
};

/** How a session ends whose connection to guacd has ended by itself. */
export const endOfLeg = (end: LegEnd): SessionEnd => {
  switch (end.kind) {
    case "error":
      return endOfGuacdError(end.status, end.text);
    case "disconnect":
      return { reason: "target_closed", detail: null };
    case "lost":
      return { reason: "guacd_failed", detail: "The session host closed the connection." };
    case "stuck":
      return { reason: "guacd_failed", detail: "The session host did not answer any more." };
    case "silent":
      return {
        reason: "guacd_failed",
        detail: `The session host did not answer any more: it said nothing for ${end.seconds} s.`,
      };
  }
};
