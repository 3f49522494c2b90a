/** These many seconds before the end are told aloud. */
const spokenAt = [30, 10, 0];

interface CountdownInput {
  readonly untilMs: number;
  /** Gets the seconds that are left, once a second. */
  readonly show: (seconds: number) => void;
  /** Gets them when they are to be told aloud. */
  readonly speak: (seconds: number) => void;
}

/** Counts down to a moment. Returns how to stop it. */
export const startCountdown = ({ untilMs, show, speak }: CountdownInput): (() => void) => {
  let last = Number.POSITIVE_INFINITY;
  const tick = () => {
    const left = Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));
    if (left === last) return;
    show(left);
    if (spokenAt.some((moment) => left <= moment && last > moment && Number.isFinite(last))) speak(left);
    last = left;
    if (left === 0) stop();
  };
  const timer = setInterval(tick, 1000);
  const stop = () => clearInterval(timer);
  tick();
  return stop;
};
