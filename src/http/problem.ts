import { AppError, type ErrorCode, errorTitles } from "../core/errors.ts";

/** The only place that knows which HTTP status an error code answers with. */
export const errorStatuses = {
  invalid_request: 400,
  not_supported: 400,
  unauthenticated: 401,
  forbidden: 403,
  target_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  limit_reached: 409,
  not_started: 409,
  gone: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  upgrade_required: 426,
  rate_limited: 429,
  internal: 500,
  target_unreachable: 502,
  guacd_unavailable: 503,
  database_unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

/** The problem+json answer (RFC 9457) of an error. Anything but an AppError says "Internal error" and nothing of itself. */
export const problemResponse = (error: unknown, requestId: string): Response => {
  const known = error instanceof AppError ? error : new AppError("internal", "Internal error");
  const status = errorStatuses[known.code];
  const body = {
    type: "about:blank",
    title: errorTitles[known.code],
    status,
    detail: known.detail,
    error: known.detail,
    code: known.code,
    ...(known.field === undefined ? {} : { field: known.field }),
    request_id: requestId,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...known.headers, "Content-Type": "application/problem+json", "Cache-Control": "no-store" },
  });
};
