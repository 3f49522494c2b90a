/**
 * The closed list of what can go wrong, as clients see it: stable code → title. `http/problem.ts` alone knows which HTTP
 * status each one answers with; docs/errors.md lists them all.
 */
export const errorTitles = {
  invalid_request: "Invalid request",
  not_supported: "Not supported",
  unauthenticated: "Sign in first",
  forbidden: "Not allowed",
  target_not_allowed: "Target not allowed",
  not_found: "Not found",
  method_not_allowed: "Method not allowed",
  conflict: "Conflict",
  limit_reached: "Limit reached",
  not_started: "Not started",
  gone: "Gone",
  payload_too_large: "Body too large",
  unsupported_media_type: "Unsupported media type",
  misdirected: "Wrong address",
  upgrade_required: "WebSocket expected",
  rate_limited: "Too many requests",
  internal: "Internal error",
  target_unreachable: "Target unreachable",
  guacd_unavailable: "No session host",
  database_unavailable: "Database unavailable",
} as const;

export type ErrorCode = keyof typeof errorTitles;

/**
 * The one error that may reach a caller. `detail` is a sentence without secrets that the caller reads; `cause` is for the
 * log only. `field` is the path of the offending input field (`jump_hosts[1].port`).
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly detail: string;
  readonly field: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { field?: string; cause?: unknown; headers?: Record<string, string> } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.field = options.field;
    this.headers = options.headers ?? {};
  }
}

/** A 400 that names its field: `port: must be 1 to 65535`. */
export const invalidField = (field: string, why: string): AppError =>
  new AppError("invalid_request", `${field}: ${why}`, { field });
