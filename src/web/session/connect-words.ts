import type { ConnectStep, Notice, SessionView } from "../../resources/sessions/schema.ts";

export type StepNotice = Extract<Notice, { kind: "step" }>;

interface StepWords {
  readonly waiting: string;
  readonly running: string;
  readonly done: string;
  /** Who has `limit_seconds` to answer. */
  readonly who: string;
}

/** Which step it is; hops have one each. */
export const stepKey = ({ step, hop }: Pick<StepNotice, "step" | "hop">): string =>
  hop === undefined ? step : hopKey(hop);

/** The key of a hop's step; hops count from 1. */
export const hopKey = (hop: number): string => `hop ${hop}`;

/** The steps of connecting, in their order, as they are told while they wait, run and are done. */
export const connectWords = ({ jump_hosts }: SessionView): ReadonlyMap<string, StepWords> => {
  const hops = (jump_hosts ?? []).map(({ hostname }, index) => [hopKey(index + 1), signInWords(hostname)] as const);
  const { policy, ...others } = fixedWords;
  return new Map<string, StepWords>([["policy", policy], ...hops, ...Object.entries(others)]);
};

const signInWords = (who: string): StepWords => ({
  waiting: `Sign in to ${who}`,
  running: `Signing in to ${who}`,
  done: `Signed in to ${who}`,
  who,
});

const fixedWords: Record<Exclude<ConnectStep, "hop">, StepWords> = {
  policy: { waiting: "Check the policy", running: "Checking the policy", done: "Allowed by policy", who: "The policy" },
  target: { ...signInWords("the target"), who: "The target" },
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
