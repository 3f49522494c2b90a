import { keepInput, openLastInput, readInputs } from "./corpus.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import { runInput } from "./run-input.ts";
import { shrink } from "./shrink.ts";

/** More are not told apart: the pool stays small enough to be drawn from. */
const maxOutcomes = 2000;
const nothing = Buffer.alloc(0);

/** Feeds one target. What breaks it goes into the corpus, made small, and is told at once; each fault only once. */
export class Fuzzer {
  readonly #target: FuzzTarget;
  readonly #random: Random;
  readonly #writeDown: (input: Buffer) => void;
  readonly #pool: Buffer[] = [];
  readonly #outcomes = new Set<string>();
  readonly #faults = new Set<string>();
  #runs = 0;

  constructor(target: FuzzTarget, seed: number) {
    this.#target = target;
    this.#random = new Random(seed);
    this.#writeDown = openLastInput(target.name);
  }

  get result() {
    const { name } = this.#target;
    return { name, runs: this.#runs, outcomes: this.#outcomes.size, faults: this.#faults.size };
  }

  /** Runs what is known already. */
  async begin(): Promise<void> {
    const { name, seeds } = this.#target;
    const known = [...readInputs("kept", name), ...readInputs("found", name)].map(({ input }) => input);
    for (const input of [...seeds, ...known]) {
      this.#pool.push(input);
      await this.#try(input, "known");
    }
  }

  async runFor(ms: number): Promise<void> {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs) {
      const [input = nothing, other = nothing] = [this.#random.of(this.#pool), this.#random.of(this.#pool)];
      await this.#try(mutate(input, this.#random, this.#target.words, other), "new");
    }
  }

  async #try(input: Buffer, from: "known" | "new"): Promise<void> {
    this.#runs++;
    this.#writeDown(input);
    const ran = await runInput(this.#target, input);
    if (ran.fault !== null) await this.#report(input, ran.fault);
    else if (!this.#outcomes.has(ran.outcome) && this.#outcomes.size < maxOutcomes) {
      this.#outcomes.add(ran.outcome);
      if (from === "known") return;
      this.#pool.push(input);
      keepInput("found", this.#target.name, input);
    }
  }

  async #report(input: Buffer, fault: Error): Promise<void> {
    const kind = kindOf(fault);
    if (this.#faults.has(kind)) return;
    this.#faults.add(kind);
    const small = await shrink(input, async (candidate) => {
      const again = (await runInput(this.#target, candidate)).fault;
      return again !== null && kindOf(again) === kind;
    });
    console.error(`${this.#target.name}: ${fault.stack}\n  kept as ${keepInput("kept", this.#target.name, small)}`);
  }
}

/** The same fault says other numbers with another input. */
const kindOf = (fault: Error): string => fault.message.replaceAll(/\d+/g, "#");
