import type { Endpoint } from "../core/endpoint.ts";
import type { HopQuestions } from "../ssh/sign-in-with-questions.ts";
import { askServerQuestions } from "./ask-server-questions.ts";
import type { PromptBox } from "./prompt-box.ts";

/** Lets the person answer what a hop asks: `Hop 2, db-gw: Verification code`. */
export const askHopQuestions = (
  prompts: Pick<PromptBox, "ask" | "noteRefusal">,
  hops: readonly Endpoint[],
): HopQuestions => ({
  answer: (number, questions) =>
    askServerQuestions(prompts, `Hop ${number}, ${hops[number - 1]?.host ?? ""}: `)(questions),
  refused: (refusal) => prompts.noteRefusal(refusal),
});
