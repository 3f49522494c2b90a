import { AnswerReader } from "../../../src/tunnel/answer-reader.ts";
import { expectThat, type FuzzTarget } from "../parts/fuzz-target.ts";

const opcodes = ["argv", "blob", "end"] as const;

/** Answers to a question, in lines of `opcode stream value`: none is longer than guacd takes, and streams do not mix. */
export const answers: FuzzTarget = {
  name: "answers",
  seeds: ["0 0 password\n1 0 c2VjcmV0\n2 0 ", "0 0 username\n0 1 password\n1 1 YQ==\n1 0 Yg==\n2 1 \n2 0 "].map(
    (text) => Buffer.from(text),
  ),
  words: ["0 0 x\n", "1 0 AAAAAAAAAAAAAAAA\n", "2 0 \n", "1 0 \n"],

  run(input) {
    const reader = new AnswerReader();
    const names = new Map<string, string>();
    let [count, longest] = [0, 0];
    for (const line of input.toString("utf8").split("\n")) {
      const [kind = "", stream = "", ...rest] = line.split(" ");
      const opcode = opcodes[Number(kind) % opcodes.length] ?? "end";
      const value = rest.join(" ");
      const answer = reader.read(opcode === "argv" ? [opcode, stream, "text/plain", value] : [opcode, stream, value]);
      if (opcode === "argv") names.set(stream, value);
      if (!answer) continue;
      expectThat(opcode === "end" && answer.name === names.get(stream), "an answer of another stream");
      const bytes = Buffer.byteLength(answer.value.reveal());
      // A byte that is no UTF-8 comes out as three.
      expectThat(bytes <= 3 * 16_384, "an answer is longer than guacd takes");
      count++;
      longest = Math.max(longest, bytes);
    }
    return `${Math.min(count, 4)} answers below 2^${Math.ceil(Math.log2(longest + 1))} bytes`;
  },
};
