import { expect, test } from "vitest";
import { fieldWords, promptWords, triesWords } from "../../../src/web/session/prompt-words.ts";

test("names of users and domains are seen while they are typed, everything else is hidden", () => {
  const hidden = (name: string) => fieldWords(name).isSecret;
  for (const name of ["username", "domain", "gateway-username", "gateway-domain"]) expect(hidden(name)).toBe(false);
  for (const name of ["password", "passphrase", "gateway-password", "Code:", "username?"])
    expect(hidden(name)).toBe(true);
});

test("a question keeps its words and loses only its colon", () => {
  expect(fieldWords("Verification code : ").label).toBe("Verification code");
  expect(fieldWords(" ").label).toBe("Answer");
});

test("the title tells what is asked for", () => {
  expect(promptWords(["passphrase"]).title).toBe("Unlock the private key");
  expect(promptWords(["username", "password"]).title).toBe("Sign in to the target");
  expect(promptWords(["PIN:"]).title).toBe("The target asks");
});

test("a hop's question is titled with the hop, whose name is not said twice, and a target cannot pass for one", () => {
  const question = "Hop 2, db-gw: Verification code";
  expect(promptWords([question], "Hop 2, db-gw").title).toBe("Hop 2, db-gw, asks");
  expect(fieldWords(question, "Hop 2, db-gw")).toMatchObject({ label: "Verification code", isSecret: true });
  expect(promptWords([question]).title).toBe("The target asks");
  expect(fieldWords(question).label).toBe(question);
  expect(fieldWords(question, "Hop 1, bastion").label).toBe(question);
});

test("tries are counted in words", () => {
  expect([triesWords(2), triesWords(1)]).toEqual(["2 tries left.", "1 try left."]);
});
