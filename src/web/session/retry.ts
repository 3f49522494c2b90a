/** What there is to come back to: the session is kept, the person was told that it is over, or nobody answers. */
export type Outlook = "kept" | "over" | "unknown";

export interface Retry {
  /** Tries again after a while, which grows with each try that fails. */
  later(): void;
  now(): void;
  /** The last try worked: the next loss begins with the shortest wait. */
  worked(): void;
  stop(): void;
}

interface RetryInput {
  readonly look: () => Promise<Outlook>;
  readonly connect: () => void;
}

const delaysMs = [500, 1000, 2000, 4000] as const;
const longestDelayMs = 5000;

/** The wait before the try with this number, from 0. */
export const retryDelayMs = (tries: number): number => delaysMs[tries] ?? longestDelayMs;

/** Looks and connects until it worked. */
export const createRetry = ({ look, connect }: RetryInput): Retry => {
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(now, retryDelayMs(tries));
    tries += 1;
  };
  const now = async () => {
    clearTimeout(timer);
    latest += 1;
    const mine = latest;
    const outlook = await look();
    if (mine !== latest) return;
    // Whoever asked for a later try meanwhile has this one.
    clearTimeout(timer);
    if (outlook === "kept") connect();
    else if (outlook === "unknown") later();
  };
  return {
    later,
    now: () => void now(),
    worked: () => {
      tries = 0;
    },
    stop: () => {
      clearTimeout(timer);
      latest += 1;
    },
  };
};
