import { useCallback, useEffect, useState } from "react";
import { Problem } from "./problem.ts";
import { useShell } from "./shell.ts";

export interface Loaded<T> {
  /** Null until the first answer; kept while later tries fail. */
  readonly data: T | null;
  readonly problem: Problem | null;
  readonly retryAtMs: number | null;
  /** Reads again; what is shown stays meanwhile. */
  readonly reload: () => void;
}

/** What a page reads once, again after a change, and by itself after a failure. `load` must stay the same function. */
export const useLoaded = <T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> => {
  const { onSignedOut } = useShell();
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({ data: null, problem: null, retryAtMs: null });
  const reload = useCallback(() => setTurn((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn reads again
  useEffect(() => {
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    load(over.signal).then(
      (data) => setState({ data, problem: null, retryAtMs: null }),
      (error: unknown) => {
        if (over.signal.aborted || !(error instanceof Problem)) return;
        if (error.status === 401) return onSignedOut();
        timer = setTimeout(reload, error.retryInMs);
        setState((before) => ({ ...before, problem: error, retryAtMs: Date.now() + error.retryInMs }));
      },
    );
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [load, turn]);

  return { ...state, reload };
};
