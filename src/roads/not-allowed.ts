import { SessionFailure } from "../core/session-end.ts";

/** What the target policy refuses, in its sentence; hops are a protocol of their own there. */
export const notAllowed = (protocol: string, sentence: string): SessionFailure =>
  new SessionFailure("target_not_allowed", sentence, {
    fault: protocol === "hops" ? "hop_not_allowed" : "target_not_allowed",
  });
