import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

// The built files as a gateway serves them. The set-up of the tests has built them.

const assetsPath = join(import.meta.dirname, "../../public/assets");
let gateway: TestGateway;
/** The largest script, which the build has compressed. */
let script: string;

beforeAll(async () => {
  gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
  const sizeOf = (name: string) => readFileSync(join(assetsPath, name)).length;
  const names = readdirSync(assetsPath).filter((name) => /^portal-.*\.js$/.test(name));
  script = names.toSorted((one, other) => sizeOf(other) - sizeOf(one))[0] ?? "";
});
afterAll(() => gateway?.close());

const ask = async (path: string, acceptEncoding?: string, method = "GET") => {
  const headers = acceptEncoding === undefined ? {} : { "accept-encoding": acceptEncoding };
  const sent = request(`${gateway.url}${path}`, { method, headers, agent: false });
  sent.end();
  const [response] = await once(sent, "response");
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
};

const original = (): Buffer => readFileSync(join(assetsPath, script));
const unpack: Record<string, (bytes: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };

describe.each([
  ["br", "gzip, deflate, br"],
  ["gzip", "gzip"],
])("a client that takes %s", (coding, accepts) => {
  test("gets the same file by it, smaller, with its true length", async () => {
    const { status, headers, body } = await ask(`/assets/${script}`, accepts);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-encoding": coding,
      "content-type": "text/javascript; charset=utf-8",
      "content-length": String(body.length),
      vary: "Accept-Encoding",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    expect(body.length).toBeLessThan(original().length / 2);
    expect(unpack[coding]?.(body).equals(original())).toBe(true);
  });

  test("is told the same by HEAD, without the file", async () => {
    const got = await ask(`/assets/${script}`, accepts);
    const told = await ask(`/assets/${script}`, accepts, "HEAD");
    expect(told.body).toHaveLength(0);
    for (const name of ["content-encoding", "content-length", "content-type", "vary", "cache-control"])
      expect(told.headers[name], name).toBe(got.headers[name]);
  });
});

test.each([undefined, "identity", "deflate", "br;q=0, gzip;q=0", "*;q=0"])(
  "a client that takes neither (Accept-Encoding: %s) gets the file as it is, and caches are told why",
  async (accepts) => {
    const { headers, body } = await ask(`/assets/${script}`, accepts);
    expect(headers["content-encoding"]).toBeUndefined();
    expect(headers.vary).toBe("Accept-Encoding");
    expect(body.equals(original())).toBe(true);
    expect(headers["content-length"]).toBe(String(body.length));
  },
);

test("a file that was not worth compressing is served to everybody alike", async () => {
  const small = readdirSync(assetsPath).find(
    (name) => name.endsWith(".js") && readFileSync(join(assetsPath, name)).length < 1024,
  );
  expect(small).toBeDefined();
  const { headers, body } = await ask(`/assets/${small}`, "br, gzip");
  expect(headers["content-encoding"]).toBeUndefined();
  expect(body.equals(readFileSync(join(assetsPath, small ?? "")))).toBe(true);
});

test("only names with a hash in them are kept for ever", async () => {
  expect((await ask("/favicon.svg")).headers["cache-control"]).toBe("public, max-age=3600");
  expect((await ask("/assets/manifest.json")).headers["cache-control"]).toBe("public, max-age=3600");
});

test("the compressed forms have no address of their own", async () => {
  expect((await ask(`/assets/${script}.br`, "br")).status).toBe(404);
  expect((await ask(`/assets/${script}.gz`, "gzip")).status).toBe(404);
});

test("every built script and style of more than 1 KB lies there in both forms, and both are the file", () => {
  const names = readdirSync(assetsPath).filter((name) => /\.(js|css)$/.test(name));
  const large = names.filter((name) => readFileSync(join(assetsPath, name)).length > 1024);
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  const wrong = large.filter((name) => {
    const path = join(assetsPath, name);
    const unpacked = [brotliDecompressSync(readFileSync(`${path}.br`)), gunzipSync(readFileSync(`${path}.gz`))];
    return unpacked.some((bytes) => hash(bytes) !== hash(readFileSync(path)));
  });
  expect(large.length).toBeGreaterThan(5);
  expect(wrong).toEqual([]);
});
