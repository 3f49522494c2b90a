import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerReader } from "../../../src/tunnel/answer-reader.ts";

test("an answer comes out whole however its bytes are cut, characters included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.array(fc.nat(20)), (text, cuts) => {
      const value = text.toWellFormed();
      const reader = new AnswerReader();
      reader.read(["argv", "3", "text/plain", "password"]);
      let rest = Buffer.from(value);
      for (const cut of [...cuts, rest.length]) {
        expect(reader.read(["blob", "3", rest.subarray(0, cut).toString("base64")])).toBeUndefined();
        rest = rest.subarray(cut);
      }
      const answer = reader.read(["end", "3"]);
      expect(answer?.name).toBe("password");
      expect(answer?.value.reveal()).toBe(value);
    }),
  );
});

test("one that grows beyond 16 KiB is forgotten", () => {
  const reader = new AnswerReader();
  reader.read(["argv", "0", "text/plain", "password"]);
  for (let blob = 0; blob < 5; blob++) reader.read(["blob", "0", Buffer.alloc(4096).toString("base64")]);
  expect(reader.read(["end", "0"])).toBeUndefined();
});

test("one in empty pieces without an end is forgotten too, and a few of them change nothing", () => {
  const reader = new AnswerReader();
  reader.read(["argv", "0", "text/plain", "password"]);
  for (let blob = 0; blob < 16_385; blob++) reader.read(["blob", "0", ""]);
  expect(reader.read(["end", "0"])).toBeUndefined();
  reader.read(["argv", "0", "text/plain", "password"]);
  for (const piece of ["", "c2Vj", "", "cmV0"]) reader.read(["blob", "0", piece]);
  expect(reader.read(["end", "0"])?.value.reveal()).toBe("secret");
});

test("answers on several streams do not mix, and a stream that was not opened says nothing", () => {
  const reader = new AnswerReader();
  reader.read(["argv", "0", "text/plain", "username"]);
  reader.read(["argv", "1", "text/plain", "password"]);
  reader.read(["blob", "1", Buffer.from("b").toString("base64")]);
  reader.read(["blob", "0", Buffer.from("a").toString("base64")]);
  expect(reader.read(["end", "1"])?.value.reveal()).toBe("b");
  expect(reader.read(["end", "0"])?.value.reveal()).toBe("a");
  expect(reader.read(["end", "0"])).toBeUndefined();
});
