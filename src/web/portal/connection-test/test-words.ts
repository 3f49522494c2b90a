import { measuredTime } from "../../measured-time.ts";
import { type TestProgress, type TestStep, wholeHop } from "./test-progress.ts";
import type { Place, TestRoute } from "./test-route.ts";

interface StepWords {
  /** Behind the station's name, or whole when it stands alone. */
  readonly title: string;
  readonly standsAlone?: boolean;
  /** Below the station in the drawing while it runs, and when it has failed. */
  readonly running: string;
  readonly failed: string;
}

const known: Readonly<Record<string, StepWords>> = {
  policy: { title: "Allowed by policy", standsAlone: true, running: "checking", failed: "not allowed" },
  name: { title: "Name found", standsAlone: true, running: "looking up", failed: "not found" },
  connect: { title: "answers", running: "dialling", failed: "does not answer" },
  key_exchange: { title: "key exchange", running: "key exchange", failed: "no key exchange" },
  host_key: { title: "host key", running: "host key", failed: "another key" },
  sign_in: { title: "sign-in", running: "signing in", failed: "refuses the sign-in" },
  forward: { title: "passes on", running: "passing on", failed: "does not pass on" },
  greeting: { title: "greeting", running: "greeting", failed: "wrong greeting" },
  guacd: { title: "Session host ready", standsAlone: true, running: "starting", failed: "not ready" },
};

const wordsOf = (step: string): StepWords => {
  const words = step.replaceAll("_", " ");
  return known[step] ?? { title: words, running: words, failed: "failed" };
};

/** "Hop 2", "Target", "Session host" */
export const placeName = (place: Place): string =>
  typeof place === "number" ? `Hop ${place}` : place === "target" ? "Target" : "Session host";

/** "Hop 2 sign-in", "Name found" */
export const stepTitle = ({ step, place }: Pick<TestStep, "step" | "place">): string => {
  if (step === wholeHop) return placeName(place);
  const { title, standsAlone } = wordsOf(step);
  if (standsAlone) return title;
  return step === "forward" ? `Way on from ${placeName(place).toLowerCase()}` : `${placeName(place)} ${title}`;
};

/** What a step found, or how long it may take. */
export const finding = ({ step, state, message, limitMs, subject }: TestStep): string => {
  if (step === wholeHop) return "answers, shows the right key, signed in";
  if (state === "running") return limitMs === null ? "" : `${measuredLimit(limitMs)} at most`;
  return message ?? subject;
};

/** What stands below a station in the drawing. */
export const stationNote = ({ step, state }: TestStep): string => {
  const { running, failed } = wordsOf(step);
  return state === "running" ? running : failed;
};

/** How the whole test stands, in the few words of a pill. */
export const stateWords = ({ state, steps, startedAtMs }: TestProgress, nowMs: number): string => {
  if (state === "running") return `Running, ${measuredTime(nowMs - startedAtMs)}`;
  if (state === "ok") return `Everything answers, ${measuredTime(steps.reduce((sum, { ms }) => sum + (ms ?? 0), 0))}`;
  if (state === "lost") return "Not finished";
  if (state === "stopped") return "Stopped by you";
  const place = steps.at(-1)?.place;
  return typeof place === "number"
    ? `Stopped at hop ${place}`
    : `Stopped at the ${placeName(place ?? "target").toLowerCase()}`;
};

/** "Hop 3, target and session host" */
export const listPlaces = (places: readonly Place[]): string => {
  const names = places.map((place, index) => (index === 0 ? placeName(place) : placeName(place).toLowerCase()));
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
};

/** "deploy@db-1, SSH" */
export const routeWords = ({ name, protocol }: TestRoute): string => `${name}, ${protocol.toUpperCase()}`;

const measuredLimit = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);
