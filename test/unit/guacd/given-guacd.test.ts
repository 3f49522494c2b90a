import { expect, test } from "vitest";
import { loopbackPlace } from "../../../src/core/door.ts";
import { GivenGuacd } from "../../../src/guacd/given-guacd.ts";

const signal = AbortSignal.timeout(4_000);

const given = (bindAddress: string, resolve: (host: string) => Promise<readonly string[]>) =>
  new GivenGuacd({
    address: { host: "guacd", port: 4822, tls: null },
    door: { bindAddress, advertisedHost: "gateway" },
    resolve,
  });

test("guacd is sent to the advertised name while the door opens at the bind address", async () => {
  const { place } = await given("10.89.0.2", async () => ["10.89.0.3"]).lease(signal);
  expect(place).toMatchObject({ bindAddress: "10.89.0.2", advertisedHost: "gateway" });
});

test("only guacd's own addresses are admitted, however the kernel writes them", async () => {
  const { place } = await given("10.89.0.2", async () => ["10.89.0.3", "fd00::3"]).lease(signal);
  for (const address of ["10.89.0.3", "::ffff:10.89.0.3", "fd00::3", "fd00:0:0::3"])
    expect(place.admits(address), address).toBe(true);
  for (const address of ["10.89.0.2", "::ffff:10.89.0.4", "127.0.0.1", "fd00::2", "::", "guacd", ""])
    expect(place.admits(address), address).toBe(false);
});

test("each session asks for the addresses anew, because a container that starts again has another one", async () => {
  const answers = [["10.89.0.3"], ["10.89.0.4"]];
  const guacd = given("10.89.0.2", async () => answers.shift() ?? []);
  const [first, second] = [await guacd.lease(signal), await guacd.lease(signal)];
  expect(first.place.admits("10.89.0.4")).toBe(false);
  expect(second.place.admits("10.89.0.4")).toBe(true);
  expect(second.startQueue).toBe(first.startQueue);
});

test("a name without addresses admits nobody, and one that is not found ends the session with guacd's name", async () => {
  const { place } = await given("10.89.0.2", async () => []).lease(signal);
  expect(place.admits("10.89.0.3")).toBe(false);
  const lost = given("10.89.0.2", async () => Promise.reject(new Error("ENOTFOUND")));
  await expect(lost.lease(signal)).rejects.toMatchObject({
    end: { reason: "guacd_failed", detail: "The name of guacd, guacd, was not found." },
  });
});

test("on loopback nobody's name is asked for, because only this host can knock", async () => {
  const guacd = given(loopbackPlace.bindAddress, async () => Promise.reject(new Error("asked")));
  expect((await guacd.lease(signal)).place.admits("127.0.0.1")).toBe(true);
});
