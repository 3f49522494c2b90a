import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { forwardStream } from "../../../src/ssh/forward-stream.ts";

type Answer = Error | "never" | "lost";

const ask = (answer: Answer, options: { limitMs?: number; signal?: AbortSignal } = {}) => {
  const connection = Object.assign(new ssh2.Client(), {
    forwardOut: (...[, , , , done]: Parameters<ssh2.Client["forwardOut"]>) => {
      if (answer === "lost") throw new Error("Not connected");
      // As ssh2 does: an error and no channel.
      if (answer instanceof Error) Reflect.apply(done ?? (() => undefined), undefined, [answer]);
      return connection;
    },
  });
  return forwardStream({
    client: {
      connection,
      target: { host: "gw-1", port: 22 },
      closed: new Promise<string>(() => undefined),
      silence: () => null,
      close: () => undefined,
    },
    via: "hop 1, gw-1",
    username: "jump",
    target: { host: "db-1", port: 5432 },
    limitMs: options.limitMs ?? 5_000,
    signal: options.signal ?? new AbortController().signal,
  });
};

const refusal = (reason: number | string, words: string) =>
  Object.assign(new Error(`(SSH) Channel open failure: ${words}`), { reason });

test.each([
  [refusal(1, "open failed"), "hop_failed", "gw-1 does not let jump pass on connections to db-1 on port 5432."],
  [refusal(3, "what?"), "hop_failed", "gw-1 opens no connection to db-1: it does not know how to forward."],
  [refusal(4, "no more"), "hop_failed", "gw-1 opens no connection to db-1: it has no room for one more."],
  [refusal(99, "no"), "hop_failed", "gw-1 opens no connection to db-1."],
  [new Error("No response from server"), "hop_failed", "The connection to gw-1 was lost."],
  ["lost", "hop_failed", "The connection to gw-1 was lost."],
  [
    refusal(2, "Connection refused"),
    "target_unreachable",
    "db-1 refuses connections on port 5432, as seen from hop 1, gw-1: nothing listens there.",
  ],
  [refusal(2, "Name or service not known"), "target_unreachable", "The name db-1 is not known to hop 1, gw-1."],
  [
    refusal(2, "Temporary failure in name resolution"),
    "target_unreachable",
    "The name db-1 is not known to hop 1, gw-1.",
  ],
  [
    refusal(2, "Connection timed out"),
    "target_unreachable",
    "db-1 does not answer on port 5432, as seen from hop 1, gw-1.",
  ],
  [
    refusal(2, "No route to host"),
    "target_unreachable",
    "db-1 cannot be reached from hop 1, gw-1: it is off, or there is no way to its network.",
  ],
  [refusal(2, ""), "target_unreachable", "db-1 cannot be reached on port 5432 from hop 1, gw-1."],
] as const)("%s is told as %s: %s", async (answer, reason, detail) => {
  await expect(ask(answer)).rejects.toMatchObject({ end: { reason, detail: expect.stringContaining(detail) } });
});

test("a hop whose target stays silent is waited for no longer than the limit", async () => {
  await expect(ask("never", { limitMs: 20 })).rejects.toMatchObject({
    end: {
      reason: "target_unreachable",
      detail: "db-1 does not answer on port 5432, as seen from hop 1, gw-1: silent for 0.02 s.",
    },
  });
});

test("an abort ends the wait with its own reason", async () => {
  const stopping = new AbortController();
  const asked = ask("never", { signal: stopping.signal });
  stopping.abort(new Error("over"));
  await expect(asked).rejects.toThrow("over");
});
