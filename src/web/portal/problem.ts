/** A problem as plain data, which can be sent to other windows. */
export interface ProblemFacts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string | null;
  readonly requestId?: string | null;
  readonly retryAfterS?: number | null;
}

const usualRetryS = 8;

/** An answer that says no, or no answer at all. `code` is the gateway's stable word; the two of ours start with `no_`. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field: string | null;
  readonly requestId: string | null;
  /** From `Retry-After`, when the gateway told how long to wait. */
  readonly retryAfterS: number | null;

  constructor(facts: ProblemFacts) {
    super(`${facts.code}: ${facts.detail}`);
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
    this.field = facts.field ?? null;
    this.requestId = facts.requestId ?? null;
    this.retryAfterS = facts.retryAfterS ?? null;
  }

  /** When a page that reads by itself tries again. */
  get retryInMs(): number {
    return (this.retryAfterS ?? usualRetryS) * 1000;
  }

  get facts(): ProblemFacts {
    const { status, code, detail, field, requestId, retryAfterS } = this;
    return { status, code, detail, field, requestId, retryAfterS };
  }

  /** The gateway could not be reached at all, or a proxy answered in its place. */
  get isSilence(): boolean {
    return this.code.startsWith("no_");
  }
}

/** Reads a refusal. What is not problem+json does not come from the gateway: a proxy answered in its place. */
export const problemOf = async (response: Response): Promise<Problem> => {
  const retryAfter = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const retryAfterS = Number.isFinite(retryAfter) ? retryAfter : null;
  const requestId = response.headers.get("x-request-id");
  if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
    const body: unknown = await response.json().catch(() => null);
    const code = textAt(body, "code");
    const detail = textAt(body, "detail");
    if (code !== null && detail !== null) {
      return new Problem({
        status: response.status,
        code,
        detail,
        field: textAt(body, "field"),
        requestId: textAt(body, "request_id") ?? requestId,
        retryAfterS,
      });
    }
  }
  return new Problem({
    status: response.status,
    code: "no_gateway",
    detail: `Something in between answered ${response.status}.`,
    requestId,
    retryAfterS,
  });
};

const textAt = (body: unknown, key: string): string | null => {
  if (typeof body !== "object" || body === null) return null;
  const value: unknown = Reflect.get(body, key);
  return typeof value === "string" ? value : null;
};
