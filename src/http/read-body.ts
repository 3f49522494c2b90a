import { AppError, invalidField } from "../core/errors.ts";

const maxBodyBytes = 64 * 1024;

/**
 * The JSON object of a request's body; an absent body is `{}`. Throws `payload_too_large`, `unsupported_media_type` or
 * `invalid_request`. Never holds more than the limit, whatever Content-Length says, nor waits longer than `timeoutMs`.
 */
export const readJsonObject = async (request: Request, timeoutMs: number): Promise<Record<string, unknown>> => {
  refuseTooLarge(request);
  const bytes = await readInTime(request, timeoutMs);
  if (bytes.length === 0) return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new AppError("unsupported_media_type", `Send application/json, not ${type ?? "a body without a type"}.`);
  const value = parse(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalidField("body", "must be a JSON object");
  // Schemas pass over this one name in silence.
  if (Object.hasOwn(value, "__proto__")) throw invalidField("__proto__", "is not a known field");
  return Object.fromEntries(Object.entries(value));
};

/** For every request, also where its body is not read: throws `payload_too_large` when Content-Length says so. */
export const refuseTooLarge = ({ headers }: Request): void => {
  if (Number(headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
};

/** What still comes of a late body is nobody's: the connection closes behind the answer. */
const readInTime = async (request: Request, timeoutMs: number): Promise<Buffer> => {
  const late = Promise.withResolvers<never>();
  const error = new AppError("invalid_request", `body: did not arrive within ${timeoutMs / 1000} s`, {
    field: "body",
    headers: { Connection: "close" },
  });
  const limit = setTimeout(() => late.reject(error), timeoutMs);
  try {
    return await Promise.race([readBytes(request), late.promise]);
  } finally {
    clearTimeout(limit);
  }
};

const readBytes = async (request: Request): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let held = 0;
  try {
    for await (const chunk of request.body ?? []) {
      held += chunk.length;
      if (held > maxBodyBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalidField("body", "did not arrive whole");
  }
  return Buffer.concat(chunks);
};

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The parser's own words quote what it read, which may be a password.
    throw invalidField("body", "is not valid JSON");
  }
};

const tooLarge = (): AppError =>
  new AppError("payload_too_large", `The body is larger than ${maxBodyBytes / 1024} KiB.`, {
    headers: { Connection: "close" },
  });
