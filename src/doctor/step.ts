import type { Fault } from "../core/faults.ts";

/** What the doctor tries, in the order in which it comes; `name` to `forward` once for each hop. */
export type StepName =
  | "name"
  | "policy"
  | "connect"
  | "key_exchange"
  | "host_key"
  | "sign_in"
  | "forward"
  | "greeting"
  | "limits"
  | "guacd";

/** One thing that was tried. */
export interface Step {
  readonly step: StepName;
  /** Whose step it is: `Hop 2, db-gw`, `10.0.0.1:22`, `Gateway`, `Session host`. */
  readonly subject: string;
  readonly ok: boolean;
  readonly ms: number;
  /** Null when it went well; with `ok` a warning: something has no effect, and the session would start all the same. */
  readonly cause: Fault | null;
  /** What was found, in a sentence. */
  readonly message: string;
  /** What to do about the cause; empty without one. */
  readonly fix: readonly string[];
}

/** All that was tried; the first step that fails is the last. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly steps: readonly Step[];
}

/** Hears how a diagnosis goes on. */
export interface DiagnosisListener {
  onBegin(step: StepName, subject: string, limitMs: number): void;
  onStep(step: Step): void;
}
