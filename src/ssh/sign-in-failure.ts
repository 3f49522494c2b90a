import { SessionFailure } from "../core/session-end.ts";

/** A sign-in that failed for want of something that the person may know. */
export class SignInFailure extends SessionFailure {
  /** What to ask for: `username`, `password`, `passphrase`. */
  readonly names: readonly string[];
  /** False when it was only missing, so that nothing was tried. */
  readonly isRefusal: boolean;

  constructor(
    detail: string,
    { names, isRefusal, cause }: { names: readonly string[]; isRefusal: boolean; cause?: unknown },
  ) {
    super("auth_failed", detail, { cause });
    this.names = names;
    this.isRefusal = isRefusal;
  }
}
