import { once } from "node:events";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { z } from "zod";
import { errorTitles } from "../../src/core/errors.ts";
import { sessionSchema } from "../../src/resources/sessions/schema.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request with exactly these headers, Host and Origin included. A `body` that is no text is sent as JSON. */
export const send = async (
  url: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: unknown; chunked?: boolean } = {},
): Promise<Answer> => {
  const { method = "GET", body, chunked = false } = options;
  const bytes = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const headers: OutgoingHttpHeaders = {
    ...(bytes === undefined ? {} : { "content-type": "application/json" }),
    ...(bytes === undefined || chunked ? {} : { "content-length": Buffer.byteLength(bytes) }),
    ...options.headers,
  };
  const sent = request(url, { method, headers, agent: false });
  // An answer that comes before the whole body was sent is still an answer.
  sent.on("error", () => undefined);
  const answered = once(sent, "response");
  sent.end(bytes);
  const [response] = await answered;
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
};

/** Writes `bytes` to a fresh connection and gives all that comes back until the other side closes. */
export const sendRaw = async (url: string, bytes: string): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(bytes);
  return text(socket);
};

const problem = z.strictObject({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  detail: z.string().min(1),
  error: z.string(),
  code: z.enum(Object.keys(errorTitles) as [keyof typeof errorTitles]),
  field: z.string().optional(),
  request_id: z.uuid(),
});

/** Expects a whole problem+json of that status and code; gives it for more. */
export const expectProblem = (answer: Answer, status: number, code: keyof typeof errorTitles, field?: string) => {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  const told = problem.parse(JSON.parse(answer.text));
  expect(told).toMatchObject({ status, code, title: errorTitles[code], error: told.detail });
  expect(told.field).toBe(field);
  expect(told.request_id).toBe(answer.headers["x-request-id"]);
  return told;
};

/** Expects 201 and gives the session. */
export const expectCreated = (answer: Answer) => {
  expect(answer.status, answer.text).toBe(201);
  return sessionSchema.parse(JSON.parse(answer.text));
};

/** The access lines of a log, one object each. */
export const accessLines = (log: string): Record<string, unknown>[] =>
  log
    .split("\n")
    .filter((line) => line.includes('"request answered"'))
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
