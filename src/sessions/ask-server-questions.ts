import type { AnswerPrompts } from "../ssh/sign-in.ts";
import type { PromptBox } from "./prompt-box.ts";

/** A page shows the question as the name of a field; guacd's own limit for one is 256. */
const longestName = 200;

/**
 * Lets the person answer what an SSH server asks (keyboard-interactive, RFC 4256), in the server's words. `asker` stands before
 * them.
 */
export const askServerQuestions =
  (prompts: Pick<PromptBox, "ask">, asker = ""): AnswerPrompts =>
  async (questions) => {
    const names = questions.map(({ text }, index) => `${asker}${nameOf(text, index)}`);
    const answers = await prompts.ask(names);
    return names.flatMap((name) => answers[name] ?? []);
  };

/** The server's words are anybody's: one line, not too long, and no two alike. */
const nameOf = (text: string, index: number): string => {
  const words = text
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .replace(/:$/, "")
    .slice(0, longestName)
    .trim();
  return `${words || "Answer"}${index === 0 ? "" : ` (${index + 1})`}`;
};
