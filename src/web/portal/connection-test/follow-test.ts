import { readEvents } from "../live/read-events.ts";
import { Problem, problemOf } from "../problem.ts";

/** What the gateway tells while it tests a way. */
export type TestEvent =
  | { readonly kind: "begin"; readonly step: string; readonly subject: string; readonly limitMs: number }
  | {
      readonly kind: "step";
      readonly step: string;
      readonly subject: string;
      readonly ok: boolean;
      readonly ms: number;
      readonly cause: string | null;
      readonly message: string | null;
      readonly fix: readonly string[];
    }
  | { readonly kind: "result"; readonly ok: boolean };

interface WireStep {
  step: string;
  subject: string;
  limit_ms: number;
  ok: boolean;
  ms: number;
  cause: string | null;
  message: string | null;
  fix: string[] | null;
}

/** How much longer than a step's own limit the gateway may be silent. */
const graceMs = 15_000;

/**
 * Tests the way of a session that is not made, and gives what the gateway tells, up to its result. Rejects with `Problem`
 * for a refusal and when the stream breaks before its result, and with the signal's reason when the caller gave up.
 */
export async function* followTest(body: object, signal: AbortSignal): AsyncGenerator<TestEvent> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waitFor = (limitMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), limitMs + graceMs);
  };
  try {
    waitFor(0);
    const response = await fetch("/api/sessions/diagnose", {
      method: "POST",
      headers: { accept: "text/event-stream", "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || response.body === null) throw await problemOf(response);
    for await (const { name, data } of readEvents(response.body, () => undefined)) {
      const event = eventOf(name, data);
      if (event === null) continue;
      waitFor(event.kind === "begin" ? event.limitMs : 0);
      yield event;
      if (event.kind === "result") return;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Problem) throw error;
  } finally {
    clearTimeout(timer);
  }
  throw new Problem({ status: 0, code: "no_answer", detail: "the connection to the gateway was lost" });
}

/** The gateway's own answers need no second look: they are what its schema says. */
const eventOf = (name: string, data: string): TestEvent | null => {
  if (name !== "begin" && name !== "step" && name !== "result") return null;
  const wire: WireStep = JSON.parse(data);
  if (name === "begin") return { kind: name, step: wire.step, subject: wire.subject, limitMs: wire.limit_ms };
  if (name === "result") return { kind: name, ok: wire.ok };
  const { step, subject, ok, ms, cause, message, fix } = wire;
  return { kind: name, step, subject, ok, ms, cause, message, fix: fix ?? [] };
};
