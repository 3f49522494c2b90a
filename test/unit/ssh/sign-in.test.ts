import type { AnyAuthMethod, AuthenticationType, Prompt } from "ssh2";
import { expect, test, vi } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import type { SessionFailure } from "../../../src/core/session-end.ts";
import { createSignIn, type SignInOptions, type SshPrompt } from "../../../src/ssh/sign-in.ts";

/** A server that offers one list after the other, and refuses each attempt. */
const attempts = (given: Partial<SignInOptions>) => {
  const fail = vi.fn<(failure: SessionFailure) => void>();
  const options = { host: "db-1", username: "root", password: null, privateKey: null, answerPrompts: undefined };
  const choose = createSignIn({ ...options, fail, ...given });
  const next = (offered: AuthenticationType[] | null, partial: boolean | null = false): AnyAuthMethod | undefined => {
    const chosen: AnyAuthMethod[] = [];
    choose(offered, partial, (method) => {
      if (typeof method === "object") chosen.push(method);
    });
    return chosen[0];
  };
  return { fail, next };
};

const answersTo = async (method: AnyAuthMethod | undefined, prompts: Prompt[]): Promise<string[] | "none"> => {
  if (method?.type !== "keyboard-interactive" || !("prompt" in method)) throw new Error("not interactive");
  const finish = vi.fn<(answers: string[]) => void>();
  method.prompt("", "", "", prompts, finish);
  await new Promise((resolve) => setImmediate(resolve));
  return finish.mock.calls[0]?.[0] ?? "none";
};

const everything: AuthenticationType[] = ["publickey", "password", "keyboard-interactive"];
const password = new Secret("hunter2");
const privateKey = new Secret("a key");
const hidden = (prompt: string): Prompt => ({ prompt, echo: false });

test("key, password, keyboard-interactive follow each other, each once, after asking what is offered", () => {
  const { next, fail } = attempts({ password, privateKey, answerPrompts: async () => [] });
  expect(next(null, null)?.type).toBe("none");
  expect(next(everything)?.type).toBe("publickey");
  expect(next(everything)?.type).toBe("password");
  expect(next(everything)?.type).toBe("keyboard-interactive");
  expect(next(everything)).toBeUndefined();
  expect(fail.mock.lastCall?.[0].end).toEqual({ reason: "auth_failed", detail: "db-1 refused the sign-in of root." });
});

test("only what the server offers is tried, also when it wants a second factor after the key", () => {
  const { next } = attempts({ password, privateKey });
  next(null, null);
  expect(next(["publickey"])?.type).toBe("publickey");
  expect(next(["password"], true)?.type).toBe("password");
});

test("a refused password is not sent again by keyboard-interactive", () => {
  const { next, fail } = attempts({ password });
  next(null, null);
  expect(next(everything)?.type).toBe("password");
  expect(next(everything)).toBeUndefined();
  expect(fail).toHaveBeenCalledOnce();
});

test("the password answers the one question that hides its input, and shown ones go to the person", async () => {
  const asked: SshPrompt[] = [];
  const answerPrompts = async (prompts: readonly SshPrompt[]) => {
    asked.push(...prompts);
    return prompts.map(() => new Secret("from the person"));
  };
  const { next } = attempts({ password, answerPrompts });
  const method = next(["keyboard-interactive"]);
  expect(await answersTo(method, [{ prompt: "Site: ", echo: true }, hidden("Password: ")])).toEqual([
    "from the person",
    "hunter2",
  ]);
  expect(asked).toEqual([{ text: "Site: ", isHidden: false }]);
});

test("a one-time code is asked of the person, in the same round or the next; the password is never given for it", async () => {
  const answerPrompts = async () => [new Secret("123456")];
  const { next } = attempts({ password, answerPrompts });
  const method = next(["keyboard-interactive"]);
  expect(await answersTo(method, [hidden("Verification code: ")])).toEqual(["123456"]);
  expect(await answersTo(method, [hidden("Password: ")])).toEqual(["hunter2"]);
  expect(await answersTo(method, [hidden("Again: ")])).toEqual(["123456"]);
});

test("when nobody can be asked, a second question ends the sign-in and says so", async () => {
  const { next, fail } = attempts({ password });
  const method = next(["keyboard-interactive"]);
  expect(await answersTo(method, [hidden("Password: ")])).toEqual(["hunter2"]);
  expect(await answersTo(method, [hidden("Verification code: ")])).toBe("none");
  expect(fail.mock.lastCall?.[0].end.detail).toBe("db-1 asks for more than a password, such as a one-time code.");
});

test("a person who does not answer ends the sign-in", async () => {
  const { next, fail } = attempts({ answerPrompts: () => Promise.reject(new Error("no answer")) });
  expect(await answersTo(next(["keyboard-interactive"]), [hidden("Password: ")])).toBe("none");
  expect(fail.mock.lastCall?.[0].end.reason).toBe("auth_failed");
});
