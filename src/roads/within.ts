/** Thrown by `within` when the time is over. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** Waits for something that cannot be stopped itself, no longer than `limitMs` and not beyond an abort. */
export const within = async <T>(promise: Promise<T>, limitMs: number, signal: AbortSignal): Promise<T> => {
  signal.throwIfAborted();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OutOfTime(`${limitMs} ms are over`)), limitMs);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    // Whichever loses the race must not become an unhandled rejection.
    promise.catch(() => undefined);
  }
};
