import type { SshCredentials } from "../protocols/protocol.ts";
import { SignInFailure } from "../ssh/sign-in-failure.ts";
import type { Answers, PromptBox } from "./prompt-box.ts";

/**
 * Signs in with what is given, and asks the person for what is missing or was refused, until it works. Each attempt is a new
 * connection: a server closes one that waits too long for a person.
 */
export const askUntilSignedIn = async <T>(options: {
  credentials: SshCredentials;
  prompts: Pick<PromptBox, "ask" | "askAgain">;
  signIn: (credentials: SshCredentials) => Promise<T>;
}): Promise<T> => {
  const { prompts, signIn } = options;
  let credentials = options.credentials;
  if (credentials.username === null) {
    const isBare = credentials.password === null && credentials.privateKey === null;
    credentials = withAnswers(credentials, await prompts.ask(isBare ? ["username", "password"] : ["username"]));
  }
  for (;;) {
    try {
      return await signIn(credentials);
    } catch (error) {
      if (!(error instanceof SignInFailure)) throw error;
      const { names, isRefusal } = error;
      const answers = isRefusal ? await prompts.askAgain(names, error) : await prompts.ask(names);
      credentials = withAnswers(credentials, answers);
    }
  }
};

/** A password that is typed after a refusal takes the place of the key that was refused; none lets the key try again. */
const withAnswers = (credentials: SshCredentials, answers: Answers): SshCredentials => {
  const typed = answers.password?.reveal() === "" && credentials.privateKey ? undefined : answers.password;
  return {
    username: answers.username?.reveal() ?? credentials.username,
    password: typed ?? credentials.password,
    privateKey: typed ? null : credentials.privateKey,
    passphrase: answers.passphrase ?? credentials.passphrase,
  };
};
