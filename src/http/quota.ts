/** How a caller stands with a limit, as the `RateLimit-*` headers tell it. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  /** Until all of the limit is there again. */
  readonly resetSeconds: number;
  /** Null when the call may go on. */
  readonly retryAfterSeconds: number | null;
}

/** The fields of the IETF draft "RateLimit header fields for HTTP", as its revisions up to 07 name them. */
export const quotaHeaders = ({ limit, remaining, resetSeconds }: Quota): Record<string, string> => ({
  "RateLimit-Limit": String(limit),
  "RateLimit-Remaining": String(remaining),
  "RateLimit-Reset": String(resetSeconds),
});
