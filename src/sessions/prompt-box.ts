import type { Secret } from "../core/secret.ts";
import { type SessionEnd, SessionFailure } from "../core/session-end.ts";
import type { Answer } from "../tunnel/answer-reader.ts";
import type { Attachment } from "../tunnel/attachment.ts";
import { Countdown } from "./countdown.ts";
import { secondsInWords } from "./seconds-in-words.ts";

/** What the person said, by the name it was asked for with. */
export type Answers = Readonly<Record<string, Secret<string>>>;

interface Question {
  readonly names: readonly string[];
  readonly given: Map<string, Secret<string>>;
  readonly settled: PromiseWithResolvers<Answers>;
}

/** How often a session may be refused before it ends. */
const maxRefusals = 3;

/**
 * Asks the owner what is missing to sign in, one question at a time, and goes on asking across lost browsers. Its time limit
 * runs while somebody is there to answer.
 */
export class PromptBox {
  readonly #limit: Countdown;
  readonly #onOpen: () => void;
  readonly #onShut: () => void;
  #attachment: Attachment | undefined;
  #question: Question | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #refusals = 0;
  #refusal: SessionEnd | undefined;

  /** `onOpen` and `onShut` are told when a question begins and ceases to wait. 0 seconds are no limit. */
  constructor(options: { timeoutSeconds: number; signal: AbortSignal; onOpen: () => void; onShut: () => void }) {
    this.#onOpen = options.onOpen;
    this.#onShut = options.onShut;
    const detail = `The question was not answered within ${secondsInWords(options.timeoutSeconds)}.`;
    this.#limit = new Countdown({
      limitMs: options.timeoutSeconds * 1000,
      onOver: () => this.#question?.settled.reject(new SessionFailure("auth_failed", detail)),
    });
    options.signal.addEventListener("abort", () => this.#question?.settled.reject(options.signal.reason), {
      once: true,
    });
  }

  /** Resolves when every name is answered. Rejects with `SessionFailure` when time is over, or the signal's reason. */
  ask(names: readonly string[]): Promise<Answers> {
    const turn = this.#last.then(() => this.#askNow(names));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Says that a sign-in was refused and asks again; throws the refusal itself when it was the third. */
  async askAgain(names: readonly string[], refusal: SessionFailure): Promise<Answers> {
    this.noteRefusal(refusal);
    return this.ask(names);
  }

  /** The next question says that a sign-in was refused; throws the refusal itself when it was the third. */
  noteRefusal(refusal: SessionFailure): void {
    this.#refusals++;
    if (this.#refusals >= maxRefusals) throw refusal;
    this.#refusal = refusal.end;
  }

  /** The owner's browser; undefined when it is gone. */
  attach(attachment: Attachment | undefined): void {
    this.#attachment = attachment;
    if (!this.#question) return;
    if (attachment) {
      this.#show();
      this.#limit.start();
    } else {
      this.#limit.stop();
    }
  }

  answer({ name, value }: Answer): void {
    const question = this.#question;
    if (!question?.names.includes(name)) return;
    question.given.set(name, value);
    if (question.names.every((each) => question.given.has(each)))
      question.settled.resolve(Object.fromEntries(question.given));
  }

  async #askNow(names: readonly string[]): Promise<Answers> {
    const question: Question = { names, given: new Map(), settled: Promise.withResolvers() };
    this.#question = question;
    this.#onOpen();
    if (this.#attachment) {
      this.#show();
      this.#limit.start();
    }
    try {
      return await question.settled.promise;
    } finally {
      this.#question = undefined;
      this.#refusal = undefined;
      this.#limit.stop();
      this.#attachment?.ask([]);
      this.#onShut();
    }
  }

  #show(): void {
    if (this.#refusal) {
      const detail = this.#refusal.detail ?? "";
      this.#attachment?.notice({ kind: "prompt_refused", tries_left: maxRefusals - this.#refusals, detail });
    }
    this.#attachment?.ask(this.#question?.names ?? []);
  }
}
