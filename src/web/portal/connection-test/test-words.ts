import { measuredTime } from "../../measured-time.ts";
import { type TestProgress, type TestStep, wholeHop } from "./test-progress.ts";
import type { Place, TestRoute } from "./test-route.ts";

interface StepWords {
  /** Behind the station's name. */
  readonly title: string;
  /** The same once it has failed. */
  readonly failedTitle?: string;
  /** Below the station in the drawing while it runs, and when it has failed. */
  readonly running: string;
  readonly failed: string;
}

const known: Readonly<Record<string, StepWords>> = {
  policy: { title: "policy", running: "checking", failed: "not allowed" },
  name: { title: "name found", failedTitle: "name", running: "looking up", failed: "not found" },
  connect: { title: "answers", failedTitle: "connection", running: "dialling", failed: "not reached" },
  key_exchange: { title: "key exchange", running: "agreeing on keys", failed: "no key exchange" },
  host_key: { title: "host key", running: "checking the key", failed: "host key" },
  sign_in: { title: "sign-in", running: "signing in", failed: "refuses the sign-in" },
  forward: { title: "passes on", running: "passing on", failed: "does not pass on" },
  greeting: { title: "greeting", running: "greeting", failed: "another greeting" },
  guacd: { title: "ready", failedTitle: "", running: "asking it", failed: "not ready" },
  limits: { title: "has room", failedTitle: "limits", running: "counting", failed: "no room" },
};

const wordsOf = (step: string): StepWords => {
  const words = step.replaceAll("_", " ");
  return known[step] ?? { title: words, running: words, failed: "failed" };
};

const placeNames = { gateway: "Gateway", target: "Target", host: "Session host" } as const;

/** "Hop 2", "Target", "Session host" */
export const placeName = (place: Place): string => (typeof place === "number" ? `Hop ${place}` : placeNames[place]);

/** "Hop 2 sign-in", "Way on from hop 2" */
export const stepTitle = ({ step, place, state }: Pick<TestStep, "step" | "place" | "state">): string => {
  if (step === wholeHop) return placeName(place);
  if (step === "policy" && state !== "failed") return "Allowed by policy";
  if (step === "forward") return `Way on from ${placeName(place).toLowerCase()}`;
  const { title, failedTitle = title } = wordsOf(step);
  return `${placeName(place)} ${state === "failed" ? failedTitle : title}`.trimEnd();
};

/** What a step found, or how long it may take. */
export const finding = ({ step, state, message, limitMs }: TestStep): string => {
  if (step === wholeHop) return "answers, key accepted, signed in";
  if (state === "running") return limitMs === null ? "" : `${limitWords(limitMs)} at most`;
  return message ?? "";
};

/** What stands below a station in the drawing. */
export const stationNote = ({ step, state }: TestStep): string => {
  const { running, failed } = wordsOf(step);
  return state === "running" ? running : failed;
};

/** How the whole test stands, in the few words of a pill. */
export const stateWords = ({ state, steps, startedAtMs }: TestProgress, nowMs: number): string => {
  if (state === "running") return `Running, ${measuredTime(nowMs - startedAtMs)}`;
  if (state === "ok" && hasWarning(steps)) return "Everything answers, with a warning";
  if (state === "ok") return `Everything answers, ${measuredTime(steps.reduce((sum, { ms }) => sum + (ms ?? 0), 0))}`;
  if (state === "lost") return "Not finished";
  if (state === "stopped") return "Stopped by you";
  const place = steps.at(-1)?.place;
  return typeof place === "number"
    ? `Stopped at hop ${place}`
    : `Stopped at the ${placeName(place ?? "target").toLowerCase()}`;
};

export const hasWarning = (steps: readonly TestStep[]): boolean => steps.some(({ state }) => state === "warning");

/** "Hop 3, target and session host" */
export const listPlaces = (places: readonly Place[]): string => {
  const names = places.map((place, index) => (index === 0 ? placeName(place) : placeName(place).toLowerCase()));
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
};

/** "deploy@db-1, SSH" */
export const routeWords = ({ name, protocol }: TestRoute): string => `${name}, ${protocol.toUpperCase()}`;

const limitWords = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);
