import { useNow } from "./use-now.ts";

/** "8 s" until the moment, counting down once a second. */
export const Countdown = ({ untilMs }: { untilMs: number }) => {
  const nowMs = useNow(1000);
  return <>{Math.max(0, Math.ceil((untilMs - nowMs) / 1000))} s</>;
};
