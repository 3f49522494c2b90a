export interface Timer {
  /** Starts anew, whatever was left. */
  start(limitMs: number): void;
  /** For good. */
  stop(): void;
  /** Stands still while something else is waited for; then the whole limit counts again. */
  pausedWhile<T>(work: () => Promise<T>): Promise<T>;
}

/** One time limit at a time, for something that goes through several. */
export const createTimer = (onOver: (limitMs: number) => void): Timer => {
  let running: NodeJS.Timeout | undefined;
  let currentMs = 0;
  let isStopped = false;
  const start = (limitMs: number) => {
    clearTimeout(running);
    currentMs = limitMs;
    running = setTimeout(onOver, limitMs, limitMs);
  };
  return {
    start,
    stop() {
      isStopped = true;
      clearTimeout(running);
    },
    async pausedWhile(work) {
      clearTimeout(running);
      try {
        return await work();
      } finally {
        if (!isStopped) start(currentMs);
      }
    },
  };
};
