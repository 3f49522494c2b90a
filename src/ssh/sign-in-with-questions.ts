import type { Secret } from "../core/secret.ts";
import { HopFailure } from "./hop-failure.ts";
import type { AnswerPrompts, SshPrompt } from "./sign-in.ts";
import { SignInFailure } from "./sign-in-failure.ts";

/** The person who is asked what hops want to know besides a password and a key, such as a one-time code. */
export interface HopQuestions {
  /** `hop` counts from 1. Rejects when there is no answer. */
  answer(hop: number, prompts: readonly SshPrompt[]): Promise<readonly Secret<string>[]>;
  /** What was answered was refused. Throws the refusal when it is not to be asked again. */
  refused(refusal: HopFailure): void;
}

/**
 * Signs in to a hop, and anew, on a connection of its own, as often as it refuses what the person answers. `nameFailure` tells
 * whose fault an error is. Rejects with what that makes of it.
 */
export const signInWithQuestions = async <T>(options: {
  number: number;
  questions: HopQuestions | undefined;
  signIn: (answerPrompts: AnswerPrompts | undefined) => Promise<T>;
  nameFailure: (error: unknown) => unknown;
}): Promise<T> => {
  const { number, questions, signIn, nameFailure } = options;
  for (;;) {
    let hasAnswered = false;
    const answerPrompts = async (prompts: readonly SshPrompt[]) => {
      hasAnswered = false;
      const answers = await questions?.answer(number, prompts);
      hasAnswered = true;
      return answers ?? [];
    };
    try {
      return await signIn(questions && answerPrompts);
    } catch (error) {
      const failure = nameFailure(error);
      const isRefusal = error instanceof SignInFailure && error.isRefusal;
      if (!questions || !hasAnswered || !isRefusal || !(failure instanceof HopFailure)) throw failure;
      questions.refused(failure);
    }
  }
};
