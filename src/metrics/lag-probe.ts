const everyMs = 50;

/**
 * Finds out how late the event loop comes to what is due: a timer tells by how much it was late. `stop` ends it.
 */
export const startLagProbe = (observe: (seconds: number) => void): { stop(): void } => {
  let dueMs = performance.now() + everyMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    observe(Math.max(0, nowMs - dueMs) / 1000);
    dueMs = nowMs + everyMs;
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};
