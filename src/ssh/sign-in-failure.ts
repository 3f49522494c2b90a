import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";

/** A sign-in that failed for want of something that the person may know. */
export class SignInFailure extends SessionFailure {
  /** What to ask for: `username`, `password`, `passphrase`. */
  readonly names: readonly string[];
  /** False when it was only missing, so that nothing was tried. */
  readonly isRefusal: boolean;

  constructor(
    detail: string,
    options: { names: readonly string[]; isRefusal: boolean; fault: Fault; cause?: unknown },
  ) {
    const { names, isRefusal, fault, cause } = options;
    super("auth_failed", detail, { cause, fault });
    this.names = names;
    this.isRefusal = isRefusal;
  }
}
