import type { SessionView } from "../../resources/sessions/schema.ts";

/** What the gateway answered: a value, a refusal with its code and sentence, or nothing at all. */
export type Answer<T> = { kind: "ok"; value: T } | Refusal | { kind: "unreachable" };

export interface Refusal {
  readonly kind: "refused";
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string | null;
  /** How long the gateway asks to wait, when it does. */
  readonly retryAfterSeconds: number | null;
}

/** A refusal that says nothing about the session: the gateway has trouble, or too much to do. */
export const isPassing = (refusal: Refusal): boolean => refusal.status >= 500 || isTooOften(refusal);

/** The caller has asked too often, and may ask again after a while. */
export const isTooOften = ({ status }: Refusal): boolean => status === 429;

const answerTimeoutMs = 10_000;

export const getSession = (id: string): Promise<Answer<SessionView>> =>
  ask(`/api/sessions/${id}`, {}, async (response) => (await response.json()) satisfies SessionView);

export const endSession = (id: string): Promise<Answer<null>> =>
  ask(`/api/sessions/${id}`, { method: "DELETE" }, async () => null);

/** Asks the tunnel's address why it refuses: a browser cannot read the status of a failed upgrade. */
export const explainRefusal = (id: string, isWatching: boolean): Promise<Answer<null>> =>
  ask(`/ws/${id}${isWatching ? "?mode=view" : ""}`, {}, async () => null);

const ask = async <T>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<Answer<T>> => {
  try {
    const response = await fetch(path, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) });
    return response.ok ? { kind: "ok", value: await read(response) } : await refusal(response);
  } catch {
    return { kind: "unreachable" };
  }
};

const refusal = async (response: Response): Promise<Refusal | { kind: "unreachable" }> => {
  const requestId = response.headers.get("x-request-id");
  if (!response.headers.get("content-type")?.startsWith("application/problem+json")) {
    return { kind: "unreachable" };
  }
  const problem: { code: string; detail: string } = await response.json();
  const wait = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  return {
    kind: "refused",
    status: response.status,
    code: problem.code,
    detail: problem.detail,
    requestId,
    retryAfterSeconds: Number.isNaN(wait) ? null : wait,
  };
};
