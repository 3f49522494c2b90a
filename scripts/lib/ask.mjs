import { createInterface } from "node:readline/promises";

/** A yes-or-no question on the terminal; Enter is yes. End of input is no. */
export async function ask(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise((resolve) => terminal.once("close", () => resolve("no")));
  const answer = await Promise.race([terminal.question(`${question} [Y/n] `), ended]);
  terminal.close();
  return /^(y|yes)?$/i.test(answer.trim());
}
