import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSealer } from "../../../src/core/sealer.ts";
import { Secret } from "../../../src/core/secret.ts";

const newSealer = () => createSealer(new Secret(randomBytes(32)));

test("what was sealed opens again under its context, text and bytes alike", () => {
  const sealer = newSealer();
  const bytes = randomBytes(1000);
  expect(sealer.open(sealer.seal("pässword 🔑", "a"), "a").toString()).toBe("pässword 🔑");
  expect(sealer.open(sealer.seal(bytes, "a"), "a")).toEqual(bytes);
  expect(sealer.open(sealer.seal("", "a"), "a")).toHaveLength(0);
});

test("another context does not open it", () => {
  const sealer = newSealer();
  expect(() => sealer.open(sealer.seal("x", "session 1"), "session 2")).toThrow();
});

test("another key does not open it", () => {
  const sealed = newSealer().seal("x", "a");
  expect(() => newSealer().open(sealed, "a")).toThrow();
});

test("one flipped bit anywhere, a cut and an appended byte are refused", () => {
  const sealer = newSealer();
  const sealed = sealer.seal("secret", "a");
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(sealed.readUInt8(index) ^ 1, index);
    expect(() => sealer.open(changed, "a")).toThrow();
    expect(() => sealer.open(sealed.subarray(0, index), "a")).toThrow();
  }
  expect(() => sealer.open(Buffer.concat([sealed, Buffer.from([0])]), "a")).toThrow();
});

test("sealing the same text twice gives different bytes that do not hold the text", () => {
  const sealer = newSealer();
  const [one, two] = [sealer.seal("secret", "a"), sealer.seal("secret", "a")];
  expect(one.equals(two)).toBe(false);
  expect(one.includes("secret")).toBe(false);
});
