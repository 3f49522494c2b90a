import { AppError, invalidField } from "../core/errors.ts";

export const maxBodyBytes = 64 * 1024;

/**
 * The JSON object of a request's body; an absent body is `{}`. Throws `payload_too_large`, `unsupported_media_type` or
 * `invalid_request`. Never holds more than the limit, whatever Content-Length says.
 */
export const readJsonObject = async (request: Request): Promise<Record<string, unknown>> => {
  if (Number(request.headers.get("content-length") ?? 0) > maxBodyBytes) throw tooLarge();
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new AppError("unsupported_media_type", `Send application/json, not ${type ?? "a body without a type"}.`);
  const value = parse(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalidField("body", "must be a JSON object");
  return Object.fromEntries(Object.entries(value));
};

const readBytes = async (request: Request): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of request.body ?? []) {
    held += chunk.length;
    if (held > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("invalid_request", "body: is not valid JSON", { field: "body", cause });
  }
};

const tooLarge = (): AppError =>
  new AppError("payload_too_large", `The body is larger than ${maxBodyBytes / 1024} KiB.`, {
    headers: { Connection: "close" },
  });
