import { Problem, problemOf } from "./problem.ts";

/** What the helper needs to know of a declared route; the real declarations are wider. */
interface Declared {
  method: string;
  path: string;
  request?: unknown;
  responses: unknown;
}

type OutputOf<A> = A extends { content: { "application/json": { schema: { _zod: { output: infer T } } } } }
  ? T
  : undefined;
type SuccessOf<R> = R extends { 200: infer A } ? OutputOf<A> : R extends { 201: infer A } ? OutputOf<A> : undefined;
type BodyOf<Q> = Q extends { body: { content: { "application/json": { schema: { _zod: { input: infer T } } } } } }
  ? { body: T }
  : { body?: undefined };
type ParamsOf<P extends string> = P extends `${string}{${infer N}}${string}`
  ? { params: Record<N, string> }
  : { params?: undefined };

type Call<R extends Declared> = {
  method: R["method"];
  path: R["path"];
  query?: Record<string, string>;
  signal?: AbortSignal;
} & BodyOf<R["request"]> &
  ParamsOf<R["path"]>;

interface Answer<T> {
  readonly data: T;
  /** The gateway's clock when it answered, or null when it did not say. */
  readonly serverTimeMs: number | null;
}

const timeoutMs = 10_000;

/**
 * Calls one declared route: `call<typeof listSessionsRoute>({ method: "get", path: "/api/sessions" })`. Rejects with
 * `Problem`, and with the signal's reason when the caller gave up.
 */
export const call = async <R extends Declared>(call: Call<R>): Promise<Answer<SuccessOf<R["responses"]>>> => {
  const response = await send(call.method, addressOf(call.path, call.params, call.query), call.body, call.signal);
  if (!response.ok) throw await problemOf(response);
  const serverTimeMs = Date.parse(response.headers.get("date") ?? "");
  return {
    data: response.status === 204 ? undefined : await response.json(),
    serverTimeMs: Number.isNaN(serverTimeMs) ? null : serverTimeMs,
  };
};

const addressOf = (
  path: string,
  params: Record<string, string> | undefined,
  query: Record<string, string> | undefined,
) => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ""));
  return query === undefined ? filled : `${filled}?${new URLSearchParams(query)}`;
};

const send = async (method: string, address: string, body: unknown, signal: AbortSignal | undefined) => {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(address, {
      method: method.toUpperCase(),
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch {
    signal?.throwIfAborted();
    throw new Problem({
      status: 0,
      code: "no_answer",
      detail: timeout.aborted ? `no answer in ${timeoutMs / 1000} s` : "no connection",
    });
  }
};
