import { expect, test } from "vitest";
import { inTime } from "../../../src/core/in-time.ts";

test("what comes in time is given, and what fails or takes too long is replaced", async () => {
  expect(await inTime(1000, async () => "there", "missing")).toBe("there");
  expect(await inTime(1000, () => Promise.reject(new Error("broken")), "missing")).toBe("missing");
  expect(await inTime(5, () => new Promise<string>(() => undefined), "missing")).toBe("missing");
});

test("a failure that comes after the limit troubles nobody", async () => {
  const work = Promise.withResolvers<string>();
  expect(await inTime(5, () => work.promise, "missing")).toBe("missing");
  work.reject(new Error("too late"));
  await expect(work.promise).rejects.toThrow("too late");
});
