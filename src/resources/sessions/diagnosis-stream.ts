import type { BegunDiagnosis } from "./diagnose-session.ts";
import type { DiagnosisBegin, DiagnosisStepView, DiagnosisView } from "./schema.ts";

export const eventStreamHeaders = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  // Proxies such as nginx would else hold events back.
  "X-Accel-Buffering": "no",
};

/** Runs a diagnosis and tells it as server-sent events; whoever lets go of the stream aborts `gone`, and so stops it. */
export const diagnosisStream = (begun: BegunDiagnosis, gone: AbortController): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      const tell = (name: string, data: DiagnosisBegin | DiagnosisStepView | DiagnosisView) => {
        if (gone.signal.aborted) return;
        controller.enqueue(encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
      };
      const running = begun.run({
        onBegin: (step, subject, limitMs) => tell("begin", { step, subject, limit_ms: limitMs }),
        onStep: (step) => tell("step", { ...step, fix: [...step.fix] }),
      });
      // Not awaited: `start` would hold back what a reader takes meanwhile.
      void running.then(
        (result) => {
          tell("result", result);
          if (!gone.signal.aborted) controller.close();
        },
        (error: unknown) => controller.error(error),
      );
    },
    cancel() {
      gone.abort();
    },
  });
};
