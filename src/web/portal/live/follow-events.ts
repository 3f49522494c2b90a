import type { SessionView } from "../../../resources/sessions/schema.ts";
import { Problem, problemOf } from "../problem.ts";
import type { LiveEvent } from "./live-state.ts";
import { readEvents, type ServerEvent } from "./read-events.ts";

interface FollowOptions {
  emit: (event: LiveEvent) => void;
  onSignedOut: () => void;
  /** Tells of reasons to try again at once: the browser went online, a person asked. */
  wakes: EventTarget;
  signal: AbortSignal;
}

const retryDelaysMs = [4000, 8000, 15_000];
/** The gateway sends a comment every 15 s; a connection that is silent for longer is dead. */
const silenceMs = 40_000;

/** Keeps one connection to the gateway's events until the signal, or until the login has ended. Never rejects. */
export const followEvents = async ({ emit, onSignedOut, wakes, signal }: FollowOptions): Promise<void> => {
  let failures = 0;
  while (!signal.aborted) {
    let problem: Problem;
    try {
      problem = await followOnce((event) => {
        failures = 0;
        emit(event);
      }, signal);
    } catch (error) {
      if (signal.aborted) return;
      problem = error instanceof Problem ? error : noAnswer("no connection");
    }
    if (problem.status === 401) return onSignedOut();
    const waitMs = problem.retryAfterS === null ? (retryDelaysMs[failures] ?? 15_000) : problem.retryAfterS * 1000;
    failures += 1;
    emit({ kind: "lost", problem: problem.facts, retryAtMs: Date.now() + waitMs });
    await pause(waitMs, wakes, signal);
  }
};

/** One connection, to its end. Gives the reason for the end where that is no error. */
const followOnce = async (emit: (event: LiveEvent) => void, signal: AbortSignal): Promise<Problem> => {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stayAwake = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(noAnswer(`silent for ${silenceMs / 1000} s`)), silenceMs);
  };
  try {
    stayAwake();
    const response = await fetch("/api/events", { signal: AbortSignal.any([signal, silence.signal]) });
    if (!response.ok || response.body === null) throw await problemOf(response);
    const skewMs = skewOf(response);
    const onHeard = () => {
      stayAwake();
      emit({ kind: "heard", atMs: Date.now() });
    };
    for await (const event of readEvents(response.body, onHeard)) {
      const known = liveEventOf(event, skewMs);
      if (known !== null) emit(known);
    }
    return noAnswer("the connection was closed");
  } catch (error) {
    if (silence.signal.reason instanceof Problem) throw silence.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

/** The gateway's own answers need no second look: they are what its schema says. */
const liveEventOf = ({ name, data }: ServerEvent, skewMs: number): LiveEvent | null => {
  const atMs = Date.now();
  if (name === "snapshot") {
    const sessions: SessionView[] = JSON.parse(data);
    return { kind: "snapshot", sessions, skewMs, atMs };
  }
  if (name === "session") {
    const session: SessionView = JSON.parse(data);
    return { kind: "session", session, atMs };
  }
  if (name !== "removed") return null;
  const { session_id }: { session_id: string } = JSON.parse(data);
  return { kind: "removed", id: session_id, atMs };
};

const skewOf = (response: Response): number => {
  const serverMs = Date.parse(response.headers.get("date") ?? "");
  return Number.isNaN(serverMs) ? 0 : serverMs - Date.now();
};

const noAnswer = (detail: string): Problem => new Problem({ status: 0, code: "no_answer", detail });

const pause = (waitMs: number, wakes: EventTarget, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const over = new AbortController();
    const end = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    wakes.addEventListener("wake", end, { signal: over.signal });
    addEventListener("online", end, { signal: over.signal });
    signal.addEventListener("abort", end, { signal: over.signal });
  });
