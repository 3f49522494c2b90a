import type { Problem } from "../problem.ts";
import type { TestEvent } from "./follow-test.ts";
import { isLookup, type Place, placeOf, type TestRoute } from "./test-route.ts";

export interface TestStep {
  readonly step: string;
  readonly subject: string;
  readonly place: Place;
  /** `warning`: it went well, but something has no effect. */
  readonly state: "running" | "ok" | "warning" | "failed";
  /** When it began, counted from the beginning of the test by the gateway's own times. */
  readonly offsetMs: number;
  /** Null while it runs. */
  readonly ms: number | null;
  /** When it began by the clock of this browser. */
  readonly sinceMs: number;
  readonly limitMs: number | null;
  readonly cause: string | null;
  readonly message: string | null;
  readonly fix: readonly string[];
}

/** How far a test is. `lost`: the connection to the gateway broke, or it refused the test. */
export interface TestProgress {
  readonly state: "running" | "ok" | "failed" | "stopped" | "lost";
  readonly startedAtMs: number;
  readonly steps: readonly TestStep[];
  readonly problem: Problem | null;
}

export const newProgress = (nowMs: number): TestProgress => ({
  state: "running",
  startedAtMs: nowMs,
  steps: [],
  problem: null,
});

/** What is known after an event that came at `nowMs`. */
export const afterEvent = (before: TestProgress, event: TestEvent, nowMs: number): TestProgress => {
  if (event.kind === "result") return { ...before, state: event.ok ? "ok" : "failed" };
  const { step, subject } = event;
  const done = before.steps.filter(({ state }) => state !== "running");
  const running = before.steps.find(({ state }) => state === "running");
  const common = {
    step,
    subject,
    place: placeOf(subject),
    offsetMs: done.reduce((sum, { ms }) => sum + (ms ?? 0), 0),
    sinceMs: event.kind === "step" && running !== undefined ? running.sinceMs : nowMs,
  };
  const next: TestStep =
    event.kind === "begin"
      ? { ...common, state: "running", ms: null, limitMs: event.limitMs, cause: null, message: null, fix: [] }
      : {
          ...common,
          state: event.ok ? (event.cause === null ? "ok" : "warning") : "failed",
          ms: event.ms,
          limitMs: null,
          cause: event.cause,
          message: event.message,
          fix: event.fix,
        };
  return { ...before, steps: [...done, next] };
};

/** What was under way is not known any more. */
export const cutShort = (before: TestProgress, state: "stopped" | "lost", problem: Problem | null): TestProgress => ({
  ...before,
  state,
  problem,
  steps: before.steps.filter((step) => step.state !== "running"),
});

/** The stations of the way that no step has reached, in their order. */
export const untried = ({ steps }: TestProgress, { hops }: TestRoute): readonly Place[] => {
  const all: readonly Place[] = [...hops.map((_, index) => index + 1), "target", "host"];
  const gone = steps.filter(({ step, state }) => state === "failed" || !isLookup(step));
  return all.slice(Math.max(-1, ...gone.map(({ place }) => all.indexOf(place))) + 1);
};

/** A longer way would fill the screen with hops that are passed. */
const mostHopsInFull = 3;

/** The steps as rows: those of a hop that is passed are one, after a failure and on a long way from the start. */
export const mergedSteps = ({ steps, state }: TestProgress, { hops }: TestRoute): readonly TestStep[] => {
  if (state !== "failed" && hops.length <= mostHopsInFull) return steps;
  const end = steps.at(-1)?.place;
  const rows: TestStep[] = [];
  for (const step of steps) {
    const before = rows.at(-1);
    const isPassed = typeof step.place === "number" && step.place !== end && !isLookup(step.step);
    if (!isPassed) rows.push(step);
    else if (before?.step === wholeHop && before.place === step.place)
      rows.splice(-1, 1, { ...before, ms: (before.ms ?? 0) + (step.ms ?? 0) });
    else rows.push({ ...step, step: wholeHop });
  }
  return rows;
};

/** Stands for all steps of a hop. */
export const wholeHop = "whole hop";

/** The bars' common length in ms: the next of 100, 200, 500, 1000… so that it rarely changes while time runs. */
export const scaleOf = (wholeMs: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(wholeMs, 100)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((scale) => scale >= wholeMs) ?? wholeMs;
};
