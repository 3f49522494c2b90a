import { expect, test } from "vitest";
import { connectWords, stepKey } from "../../../src/web/session/connect-words.ts";
import { pendingSession } from "../../support/session-scenarios.ts";

test("the steps of connecting name each hop between the policy and the target", () => {
  const jump_hosts = ["bastion", "db-gw"].map((hostname) => ({ hostname, port: 22, username: "jump", host_key: null }));
  const words = connectWords({ ...pendingSession, jump_hosts });
  expect([...words.keys()]).toEqual(["policy", "hop 1", "hop 2", "target", "host", "picture"]);
  expect(words.get(stepKey({ step: "hop", hop: 2 }))).toMatchObject({ running: "Signing in to db-gw", who: "db-gw" });
  expect([...connectWords({ ...pendingSession, jump_hosts: null }).keys()]).toEqual([
    "policy",
    "target",
    "host",
    "picture",
  ]);
});
