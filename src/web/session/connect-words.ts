import type { ConnectStep } from "../../resources/sessions/schema.ts";

interface StepWords {
  readonly waiting: string;
  readonly running: string;
  readonly done: string;
  /** Who has `limit_seconds` to answer. */
  readonly who: string;
}

/** The steps of connecting, in their order, as they are told while they wait, run and are done. */
export const connectWords: Record<ConnectStep, StepWords> = {
  policy: { waiting: "Check the policy", running: "Checking the policy", done: "Allowed by policy", who: "The policy" },
  target: {
    waiting: "Sign in to the target",
    running: "Signing in to the target",
    done: "Signed in to the target",
    who: "The target",
  },
  host: {
    waiting: "Session host",
    running: "Starting the session host",
    done: "Session host is ready",
    who: "The session host",
  },
  picture: {
    waiting: "First picture",
    running: "Waiting for the first picture",
    done: "First picture",
    who: "The picture",
  },
};
