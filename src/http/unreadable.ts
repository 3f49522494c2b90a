import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Logger } from "../core/log.ts";
import { problemResponse } from "./problem.ts";
import { securityHeaders } from "./security-headers.ts";

/** By Node's error code; what came in is never repeated, neither in the answer nor in the log. */
const sentences: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "The headers are too large.",
};

/** The answer to what is no request and so never reaches the app. It has an id and a line in the log like any other. */
export const unreadableResponse = (
  log: Logger,
  peer: string | undefined,
  errorCode: string,
  detail: string = sentences[errorCode] ?? "This is not an HTTP request that the gateway can read.",
): Response => {
  const requestId = newId();
  const response = problemResponse(new AppError("invalid_request", detail), requestId);
  for (const [name, value] of Object.entries({ ...securityHeaders, "X-Request-Id": requestId }))
    response.headers.set(name, value);
  log.info({ requestId, status: response.status, errorCode, peer }, "unreadable request answered");
  return response;
};
