import { SessionFailure } from "../core/session-end.ts";
import type { OpenRelay } from "./connect-leg.ts";
export const createOpenRelay = (_: unknown): OpenRelay => async () => {
  throw new SessionFailure("error", "stub");
};
