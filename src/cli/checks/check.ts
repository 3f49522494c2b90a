/** One thing that the gateway needs or should have. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  /** What was found, in a sentence. */
  readonly message: string;
  /** What to do about it; empty when it is well. */
  readonly fix: readonly string[];
}

export const ok = (name: string, message: string): Check => ({ name, state: "ok", message, fix: [] });
export const warn = (name: string, message: string, ...fix: string[]): Check => ({ name, state: "warn", message, fix });
export const fail = (name: string, message: string, ...fix: string[]): Check => ({ name, state: "fail", message, fix });
