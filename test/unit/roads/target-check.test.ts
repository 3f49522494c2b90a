import { expect, test } from "vitest";
import { createTargetCheck } from "../../../src/roads/target-check.ts";
import { createTargetPolicy } from "../../../src/roads/target-policy.ts";

const resolved: string[] = [];
const check = createTargetCheck({
  policy: createTargetPolicy({
    allow: { ssh: ["10.0.0.0/8"], hops: ["192.0.2.0/24"] },
    namesBehindHops: { ssh: ["*.plant"], hops: ["gw-*"] },
    ownListeners: () => [],
  }),
  resolve: async (host) => {
    resolved.push(host);
    return host === "gw-bad" ? ["198.51.100.1"] : ["192.0.2.1"];
  },
});
const way = (hops: string[], host: string) =>
  check(
    { protocol: "ssh", target: { host, port: 22 }, hops: hops.map((hop) => ({ host: hop, port: 22 })) },
    AbortSignal.timeout(5_000),
  );
const refusal = (detail: string) => ({ code: "target_not_allowed", detail: expect.stringContaining(detail) });

test("only the first hop is looked up: what lies behind is the hops' to resolve", async () => {
  await way(["gw-1", "gw-2"], "db.plant");
  expect(resolved.splice(0)).toEqual(["gw-1"]);
});

test("the first hop is held to the hops' networks by its addresses", async () => {
  await expect(way(["gw-bad"], "db.plant")).rejects.toMatchObject(refusal("allowed for hops"));
});

test("later hops and the target are held to the names and networks for behind hops", async () => {
  await expect(way(["gw-1", "other"], "db.plant")).rejects.toMatchObject(refusal("may not reach other"));
  await expect(way(["gw-1", "10.0.0.1"], "db.plant")).rejects.toMatchObject(refusal("targets.hops.allow"));
  await expect(way(["gw-1"], "db.office")).rejects.toMatchObject(refusal("targets.ssh.allow_names_behind_hops"));
  await expect(way(["gw-1"], "192.0.2.9")).rejects.toMatchObject(refusal("targets.ssh.allow"));
  await expect(way(["gw-1"], "localhost")).rejects.toMatchObject(refusal("the hop itself"));
});
