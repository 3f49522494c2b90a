import { SessionFailure } from "../core/session-end.ts";

/** Whether guacd itself could not be had, so that another one may be better. */
export const isGuacdFailure = (error: unknown): error is SessionFailure =>
  error instanceof SessionFailure && error.end.reason === "guacd_failed";
