import { describe, expect, test } from "vitest";
import { readInputs } from "../../fuzz/parts/corpus.ts";
import { runInput } from "../../fuzz/parts/run-input.ts";
import { targets } from "../../fuzz/parts/targets.ts";

describe.each(targets)("$name", (target) => {
  const seeds = target.seeds.map((input, index) => ({ name: `seed ${index + 1}`, input }));
  test.each([...seeds, ...readInputs("kept", target.name)])("holds its guarantees for $name", async ({ input }) => {
    expect(await runInput(target, input)).toMatchObject({ fault: null });
  });
});
