import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FakeGateway } from "../support/fake-session-server.ts";
import { hears, type LivePage, startLivePage } from "../support/live-page.ts";
import { endedScenario, pendingSession, runSession, sessionScenarios } from "../support/session-scenarios.ts";

// Questions of the gateway and of the session host, asked in the page.

let live: LivePage;
beforeAll(async () => {
  live = await startLivePage();
});
afterEach(() => live.closePages());
afterAll(() => live?.close());

/** The values that the page answered, by name, put together from their streams. */
const answers = (gateway: FakeGateway): Record<string, string> => {
  const values: Record<string, string> = {};
  const names = new Map<string, string>();
  for (const [opcode, stream = "", ...rest] of gateway.received) {
    if (opcode === "argv") names.set(stream, rest[1] ?? "");
    const name = names.get(stream);
    if (name === undefined) continue;
    if (opcode === "argv") values[name] = "";
    if (opcode === "blob") values[name] += Buffer.from(rest[0] ?? "", "base64").toString();
    if (opcode === "end") names.delete(stream);
  }
  return values;
};
const asking = (names: readonly string[], then?: (gateway: FakeGateway) => void) => (gateway: FakeGateway) => {
  gateway.onInstruction = ([opcode, stream = ""]) => {
    if (opcode === "argv") gateway.send("ack", stream, "OK", 0);
    if (opcode === "end") then?.(gateway);
  };
  gateway.send("required", ...names);
};

describe("a question before the first picture", () => {
  test("is answered with Enter, each name in a stream of its own, and the session goes on", async () => {
    live.scenario.onSocket = asking(["username", "password"], (gateway) => {
      if (Object.keys(answers(gateway)).length === 2) runSession(gateway);
    });
    const page = await live.open();
    await page.getByRole("heading", { name: "Sign in to the target" }).waitFor();
    expect(await page.getByLabel("User", { exact: true }).inputValue()).toBe("deploy");
    await expect.poll(() => page.evaluate("document.activeElement.type")).toBe("password");
    await page.keyboard.type("pässwörd €");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "End" }).waitFor();
    expect(answers(live.gateway())).toEqual({ username: "deploy", password: "pässwörd €" });
    expect(live.sent("argv").map(([, mimetype]) => mimetype)).toEqual(["text/plain", "text/plain"]);
    expect(live.sent("key")).toEqual([]);
  });

  test("of a long text is answered in blobs that the gateway takes", async () => {
    live.scenario.onSocket = asking(["passphrase"]);
    const page = await live.open();
    await page.getByRole("heading", { name: "Unlock the private key" }).waitFor();
    const long = "ä".repeat(4_000);
    await page.getByLabel("Passphrase", { exact: true }).fill(long);
    await page.getByRole("button", { name: "Unlock" }).click();
    await hears(() => expect(answers(live.gateway())).toEqual({ passphrase: long }));
    for (const [, base64 = ""] of live.sent("blob"))
      expect(Buffer.from(base64, "base64").length).toBeLessThanOrEqual(6048);
  });

  test("asks a domain too, which may stay empty", async () => {
    live.scenario.onSocket = asking(["username", "password", "domain"]);
    const page = await live.open();
    await page.getByLabel("Password", { exact: true }).fill("x");
    await page.getByText("Domain optional").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await hears(() => expect(answers(live.gateway())).toEqual({ username: "deploy", password: "x", domain: "" }));
  });

  test("in the target's own words is shown as text, hidden while it is typed, and shown on demand", async () => {
    live.scenario.onSocket = asking(["<b>Verification</b> code: "]);
    const page = await live.open();
    await page.getByRole("heading", { name: "The target asks" }).waitFor();
    const field = page.getByLabel("<b>Verification</b> code", { exact: true });
    expect(await field.getAttribute("type")).toBe("password");
    await page.getByRole("button", { name: "Show" }).click();
    expect(await field.getAttribute("type")).toBe("text");
    await field.fill("123456");
    await page.keyboard.press("Enter");
    await hears(() => expect(answers(live.gateway())).toEqual({ "<b>Verification</b> code: ": "123456" }));
  });

  test("of a hop names the hop that is signed in to, also after a refusal, and answers by the gateway's name for it", async () => {
    const { session, onSocket } = sessionScenarios.hopquestion ?? {};
    live.scenario.session = session;
    live.scenario.onSocket = onSocket;
    const page = await live.open();
    await page.getByRole("heading", { name: "Hop 2, db-gw, asks" }).waitFor();
    await page.getByText("Hop 2, db-gw: db-gw refused the sign-in of jump.").waitFor();
    await page.getByLabel("Verification code", { exact: true }).fill("123456");
    await page.getByRole("button", { name: "Answer" }).click();
    await hears(() => expect(answers(live.gateway())).toEqual({ "Hop 2, db-gw: Verification code": "123456" }));
  });

  test("of a target that calls itself a hop is still the target's", async () => {
    const forged = "Hop 1, bastion-fra: Password";
    live.scenario.session = {
      ...pendingSession,
      ...{ jump_hosts: sessionScenarios.hopquestion?.session?.jump_hosts ?? null },
    };
    live.scenario.onSocket = (gateway) => {
      gateway.notice({ kind: "step", step: "target", state: "running" });
      gateway.send("required", forged);
    };
    const page = await live.open();
    await page.getByRole("heading", { name: "The target asks" }).waitFor();
    await page.getByLabel(forged, { exact: true }).waitFor();
  });

  test("keeps nothing of a secret in the page once it is sent", async () => {
    live.scenario.onSocket = asking(["username", "password"]);
    const page = await live.open();
    await page.getByLabel("Password", { exact: true }).fill("only-once-4711");
    const held = await page.getByLabel("Password", { exact: true }).elementHandle();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Connecting" }).waitFor();
    expect(await held?.inputValue()).toBe("");
    expect(await page.content()).not.toContain("only-once-4711");
  });

  test("that was refused says so with the tries that are left, and keeps the name that was typed", async () => {
    let tries = 0;
    live.scenario.onSocket = asking(["username", "password"], (gateway) => {
      tries += 1;
      if (tries % 2 === 1) return;
      const detail = "The target refused this name or password.";
      gateway.notice({ kind: "prompt_refused", tries_left: 3 - tries / 2, detail });
      gateway.send("required", "username", "password");
    });
    const page = await live.open();
    await page.getByLabel("User", { exact: true }).fill("m.keller");
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("The target refused this name or password.").waitFor();
    await page.getByText("2 tries left.").waitFor();
    expect(await page.getByLabel("User", { exact: true }).inputValue()).toBe("m.keller");
    expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("");
    await page.keyboard.type("wrong again");
    await page.keyboard.press("Enter");
    await page.getByText("1 try left.").waitFor();
  });

  test("ends the session when it is left with Esc", async () => {
    live.scenario.onSocket = asking(["password"]);
    const page = await live.open();
    await page.getByLabel("Password", { exact: true }).waitFor();
    live.scenario.session = endedScenario("closed", null, false).session;
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "You ended the session" }).waitFor();
    await hears(() => expect(live.sent("disconnect")).toEqual([[]]));
  });

  test("is asked again after a lost connection, and what was typed is still there", async () => {
    live.scenario.onSocket = asking(["username", "password"]);
    const page = await live.open();
    await page.getByLabel("Password", { exact: true }).fill("half typed");
    live.gateway().cut();
    await page.getByText("Connection lost.").waitFor();
    expect(await page.getByRole("button", { name: "Sign in" }).isDisabled()).toBe(true);
    await expect.poll(() => page.getByRole("button", { name: "Sign in" }).isDisabled()).toBe(false);
    expect(live.sockets()).toBe(2);
    await page.keyboard.press("Enter");
    await hears(() => expect(answers(live.gateway())).toEqual({ username: "deploy", password: "half typed" }));
  });
});

test("a question while the session runs covers the picture, takes the keys, and gives them back", async () => {
  live.scenario.session = { ...pendingSession, session_type: "rdp", port: 3389 };
  const page = await live.open();
  await page.getByRole("button", { name: "End" }).waitFor();
  live.gateway().send("required", "gateway-username", "gateway-password", "gateway-domain");
  await page.getByLabel("Gateway user", { exact: true }).fill("ops");
  await page.getByLabel("Gateway password", { exact: true }).fill("s3cret");
  await page.keyboard.press("Enter");
  await hears(() => expect(answers(live.gateway())["gateway-password"]).toBe("s3cret"));
  expect(live.sent("key")).toEqual([]);
  await page.getByRole("heading", { name: "Sign in to the target" }).waitFor({ state: "detached" });
  await page.keyboard.press("x");
  await hears(() => expect(live.sent("key")).toHaveLength(2));
});
