const tickMs = 1000;
/** A timer this late was not late: the device slept. */
const sleptMs = 4000;

/** Tells when the network may have changed behind the page's back: it came back, the page did, or the device woke. */
export const onWake = (wake: () => void): void => {
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  let lastMs = Date.now();
  setInterval(() => {
    const nowMs = Date.now();
    if (nowMs - lastMs > tickMs + sleptMs) wake();
    lastMs = nowMs;
  }, tickMs);
};
