/** "40 seconds", "47 minutes", "2 hours 5 minutes": a length of time for a sentence. */
export const durationWords = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds === 0) return "less than a second";
  if (seconds < 60) return count(seconds, "second");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return count(minutes, "minute");
  const rest = minutes % 60;
  const hours = count(Math.floor(minutes / 60), "hour");
  return rest === 0 ? hours : `${hours} ${count(rest, "minute")}`;
};

/** "2 min", "1 min 59 s", "45 s": a time that is counted down. */
export const countedTime = (seconds: number): string => {
  const rest = seconds % 60;
  if (seconds < 60) return `${seconds} s`;
  return rest === 0 ? `${seconds / 60} min` : `${(seconds - rest) / 60} min ${rest} s`;
};

/** "8-hour", "90-minute": a limit, before its noun. */
export const limitWords = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds % 3600 === 0) return `${seconds / 3600}-hour`;
  return seconds % 60 === 0 ? `${seconds / 60}-minute` : `${seconds}-second`;
};

/** "14:42:10" or "14:42", in the viewer's zone. */
export const clockTime = (time: Date, precision: "minutes" | "seconds"): string =>
  time.toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(precision === "seconds" ? { second: "2-digit" } : {}),
  });

const count = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? "" : "s"}`;
