import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";

/** Faults of the gateway or its host, which its operator has to know of. */
const ours = ["internal", "database_unavailable"];

/** Logs what lies behind an answer that says no: all of a fault of ours, of a refusal its cause where it has one. */
export const logRefusal = (log: Logger, error: unknown, requestId: string): void => {
  if (!(error instanceof AppError) || ours.includes(error.code)) log.error({ err: error, requestId }, "request failed");
  else if (error.cause !== undefined) log.info({ err: error.cause, requestId, code: error.code }, "request refused");
};
