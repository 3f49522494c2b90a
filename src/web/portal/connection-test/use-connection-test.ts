import { useEffect, useRef, useState } from "react";
import { Problem } from "../problem.ts";
import { followTest } from "./follow-test.ts";
import { afterEvent, cutShort, newProgress, type TestProgress } from "./test-progress.ts";

interface ConnectionTest {
  readonly progress: TestProgress;
  readonly stop: () => void;
  readonly again: () => void;
}

interface TestInput {
  /** Of `POST /api/sessions`. */
  readonly body: object;
  /** The gateway refuses what the form holds. */
  readonly onRefused: (problem: Problem) => void;
}

/** Runs a test at once, and ends it when its dialog goes. */
export const useConnectionTest = ({ body, onRefused }: TestInput): ConnectionTest => {
  const [progress, setProgress] = useState(() => newProgress(Date.now()));
  const [turn, setTurn] = useState(0);
  const over = useRef<AbortController>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn tests again; what is tested stays as it is
  useEffect(() => {
    const own = new AbortController();
    over.current = own;
    setProgress(newProgress(Date.now()));
    const follow = async () => {
      for await (const event of followTest(body, own.signal))
        setProgress((before) => afterEvent(before, event, Date.now()));
    };
    follow().catch((error: unknown) => {
      if (own.signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      if (error.status === 400) return onRefused(error);
      setProgress((before) => cutShort(before, "lost", error));
    });
    return () => own.abort();
  }, [turn]);

  return {
    progress,
    stop: () => {
      over.current?.abort();
      setProgress((before) => cutShort(before, "stopped", null));
    },
    again: () => setTurn((before) => before + 1),
  };
};
