import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Secret } from "../core/secret.ts";

/** Asks at the terminal, without echo. Null when nothing is typed, or when there is no terminal. */
export const askSecret = async (question: string): Promise<Secret<string> | null> => {
  if (!process.stdin.isTTY) return null;
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    const text = await terminal.question("");
    return text === "" ? null : new Secret(text);
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
};
