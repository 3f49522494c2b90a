import type { AnyAuthMethod, AuthenticationType, NextAuthHandler, Prompt } from "ssh2";
import type { Fault } from "../core/faults.ts";
import type { Secret } from "../core/secret.ts";
import { SessionFailure } from "../core/session-end.ts";
import { SignInFailure } from "./sign-in-failure.ts";

/** A question of the server. Its text is the server's: show it as text, trust it for nothing. */
export interface SshPrompt {
  readonly text: string;
  readonly isHidden: boolean;
}

/** Asks the person, one answer to each; rejects when there is none. */
export type AnswerPrompts = (prompts: readonly SshPrompt[]) => Promise<readonly Secret<string>[]>;

export interface SignInOptions {
  /** How messages call the server. */
  readonly host: string;
  readonly username: string;
  readonly password: Secret<string> | null;
  /** Without a passphrase. */
  readonly privateKey: Secret<string> | null;
  readonly answerPrompts: AnswerPrompts | undefined;
  /** Called once when nothing is left to try. */
  readonly fail: (failure: SessionFailure) => void;
}

/** ssh2's `authHandler`, with the nulls of its first call that its types leave out. */
type ChooseMethod = (offered: AuthenticationType[] | null, partial: boolean | null, proceed: NextAuthHandler) => void;

/**
 * Chooses how to sign in: private key, password, keyboard-interactive, each once and as far as the server offers it; a
 * server may want several. It begins with `none`, which brings the server's list, and is all that some old devices want.
 * A password is sent once only, so that a wrong one counts once towards a lock-out.
 */
export const createSignIn = (options: SignInOptions): ChooseMethod => {
  const { host, username, password, privateKey, answerPrompts, fail } = options;
  const given: Given = { password: password !== null, key: privateKey !== null };
  const untried = new Set<AuthenticationType>(["publickey", "password", "keyboard-interactive"]);
  let unsentPassword = password;
  const tried: AuthenticationType[] = [];
  const takePassword = (): string | undefined => {
    const taken = unsentPassword?.reveal();
    unsentPassword = null;
    return taken;
  };
  const methodFor = (name: AuthenticationType): AnyAuthMethod | undefined => {
    if (name === "publickey") return privateKey ? { type: name, username, key: privateKey.reveal() } : undefined;
    if (name === "password") {
      const text = takePassword();
      return text === undefined ? undefined : { type: name, username, password: text };
    }
    if (name !== "keyboard-interactive" || (!unsentPassword && !answerPrompts)) return undefined;
    return {
      type: name,
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        answerAll(host, prompts, takePassword, answerPrompts).then(finish, (error: unknown) =>
          fail(error instanceof SessionFailure ? error : refused(host, username, "wrong_password", error)),
        );
      },
    };
  };
  return (offered, partial, proceed) => {
    if (offered === null) return proceed({ type: "none", username });
    for (const name of [...untried].filter((each) => offered.includes(each))) {
      untried.delete(name);
      const method = methodFor(name);
      if (!method) continue;
      tried.push(name);
      return proceed(method);
    }
    if (partial) return fail(wantsMore(host));
    if (tried.length === 0) return fail(nothingTried(host, username, given));
    fail(refused(host, username, tried.every((name) => name === "publickey") ? "key_refused" : "wrong_password"));
  };
};

export const refused = (host: string, username: string, fault: Fault, cause?: unknown): SignInFailure =>
  new SignInFailure(`${host} refused the sign-in of ${username}.`, {
    names: ["username", "password"],
    isRefusal: true,
    fault,
    cause,
  });

interface Given {
  readonly password: boolean;
  readonly key: boolean;
}

/** Nothing that was given fits what the server offers. Where it takes no passwords, asking for one would help nobody. */
const nothingTried = (host: string, username: string, { password, key }: Given): SessionFailure => {
  const missing = (fault: Fault, sentence: string) =>
    new SignInFailure(sentence, { names: ["password"], isRefusal: false, fault });
  if (password) {
    return new SessionFailure("auth_failed", `${host} takes no password from ${username}: it wants a key.`, {
      fault: "password_not_offered",
    });
  }
  if (key) return missing("key_not_offered", `${host} takes no key from ${username}.`);
  return missing("no_credentials", `${host} wants a password or a key of ${username}, and none was given.`);
};

const wantsMore = (host: string): SessionFailure =>
  new SessionFailure("auth_failed", `${host} asks for more than a password, such as a one-time code.`, {
    fault: "more_than_password",
  });

/** One-time codes are asked for without echo too; the password must not answer those. */
const asksForCode = /code|otp|token|one.?time|passcode/i;

const answerAll = async (
  host: string,
  prompts: readonly Prompt[],
  takePassword: () => string | undefined,
  answerPrompts: AnswerPrompts | undefined,
): Promise<string[]> => {
  const answers = prompts.map(({ prompt, echo }) =>
    echo === false && !asksForCode.test(prompt) ? takePassword() : undefined,
  );
  const open = prompts.filter((_, index) => answers[index] === undefined);
  if (open.length === 0) return answers.map((answer) => answer ?? "");
  if (!answerPrompts) {
    throw wantsMore(host);
  }
  const given = [
    ...(await answerPrompts(open.map(({ prompt, echo }) => ({ text: prompt, isHidden: echo === false })))),
  ];
  return answers.map((answer) => answer ?? given.shift()?.reveal() ?? "");
};
