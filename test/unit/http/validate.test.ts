import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../../../src/core/errors.ts";
import { validate, withoutAbsent } from "../../../src/http/validate.ts";

const hop = z.strictObject({ hostname: z.string(), port: z.int("must be 1 to 65535").optional() });
const schema = z.strictObject({ jump_hosts: z.array(hop).optional(), role: z.enum(["viewer", "admin"]).optional() });

const faultOf = (input: unknown) => {
  try {
    validate(schema, input);
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.field, error.detail];
    throw error;
  }
  return undefined;
};

test.each([
  [{ jump_hosts: [{ hostname: "a" }, { hostname: "b", port: "22" }] }, "jump_hosts[1].port", "must be 1 to 65535"],
  [{ jump_hosts: [{}] }, "jump_hosts[0].hostname", "is required"],
  [{ jump_hosts: [{ hostname: "a", x: 1 }] }, "jump_hosts[0].x", "is not a known field"],
  [{ jump_hosts: {} }, "jump_hosts", "must be an array"],
  [{ role: "root" }, "role", "must be one of viewer, admin"],
  [[], "body", "must be an object"],
])("%j is told as %s", (input, field, why) => {
  expect(faultOf(input)).toEqual(["invalid_request", field, `${field}: ${why}`]);
});

test("an error that is no fault of the input passes as it is", () => {
  const broken = z.string().transform(() => {
    throw new TypeError("a bug");
  });
  expect(() => validate(broken, "x")).toThrow(TypeError);
});

test("nulls, and empty values of unknown fields, are absent; empty values of known ones are not", () => {
  const body = { role: "", jump_hosts: null, colour: "", x: null, y: false, z: [], kept: 0 };
  expect(withoutAbsent(schema, body)).toEqual({ role: "", kept: 0 });
});
