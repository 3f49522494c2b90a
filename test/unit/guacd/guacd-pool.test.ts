import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type DoorPlace, loopbackPlace } from "../../../src/core/door.ts";
import { silentLogger } from "../../../src/core/log.ts";
import { SessionFailure } from "../../../src/core/session-end.ts";
import type { GuacdAddress } from "../../../src/guacd/guacd-address.ts";
import { GuacdPool } from "../../../src/guacd/guacd-pool.ts";
import type { GuacdLease } from "../../../src/guacd/guacd-source.ts";

const { signal } = new AbortController();
const at = (host: string): GuacdAddress => ({ host, port: 4822, tls: null });
const started = { released: Promise.resolve() };

/** Those that do not answer when they are looked at, and what was looked at, in order. */
let silent: Set<string>;
let looks: string[];
const look =
  (how: string) =>
  async ({ host }: GuacdAddress) => {
    looks.push(`${how} ${host}`);
    if (silent.has(host)) throw new Error("no answer");
  };

const pools: GuacdPool[] = [];
const open = (
  hosts: readonly string[],
  door: Omit<DoorPlace, "admits"> = loopbackPlace,
  resolve: (name: string) => Promise<string[]> = async () => [""],
) => {
  const checks = { check: look("check"), knock: look("knock") };
  const pool = new GuacdPool({ addresses: hosts.map(at), door, resolve, checks, log: silentLogger });
  pools.push(pool);
  return pool;
};

beforeEach(() => {
  vi.useFakeTimers();
  silent = new Set();
  looks = [];
});
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
  vi.useRealTimers();
});

const host = ({ address }: GuacdLease) => address.host;
/** Leases so many; which guacds they went to. */
const lease = async (pool: GuacdPool, count: number) => {
  const leases: GuacdLease[] = [];
  for (let nth = 0; nth < count; nth++) leases.push(await pool.lease(signal));
  return leases;
};
const guacdFailed = () => new SessionFailure("guacd_failed", "It is gone.");
/** A start that works everywhere but there; it tells where it came. */
const startBut =
  (bad: readonly string[], came: string[] = []) =>
  async (address: GuacdAddress) => {
    came.push(address.host);
    if (bad.includes(address.host)) throw guacdFailed();
    return started;
  };

describe("a session goes", () => {
  test("to the guacd with the least sessions, and in turn among equals", async () => {
    const pool = open(["a", "b", "c"]);
    const leases = await lease(pool, 6);
    expect(leases.map(host)).toEqual(["a", "b", "c", "a", "b", "c"]);
    leases[1]?.release();
    leases[4]?.release();
    expect((await lease(pool, 3)).map(host)).toEqual(["b", "b", "a"]);
  });

  test("once only: a lease that is given back twice counts once", async () => {
    const pool = open(["a", "b"]);
    const [first] = await lease(pool, 4);
    first?.release();
    first?.release();
    expect((await lease(pool, 3)).map(host)).toEqual(["a", "b", "a"]);
  });

  test("past a guacd that does not answer, until it does", async () => {
    silent.add("a");
    const pool = open(["a", "b"]);
    await vi.advanceTimersByTimeAsync(10);
    expect(await pool.isUp()).toBe(true);
    expect(pool.states).toEqual(["down", "up"]);
    expect((await lease(pool, 2)).map(host)).toEqual(["b", "b"]);
    silent.clear();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pool.states).toEqual(["up", "up"]);
    expect((await lease(pool, 2)).map(host)).toEqual(["a", "a"]);
  });

  test("to one that does not answer where there is no other, so that what fails then tells why", async () => {
    silent.add("a").add("b");
    const pool = open(["a", "b"]);
    await vi.advanceTimersByTimeAsync(10);
    expect(await pool.isUp()).toBe(false);
    const came: string[] = [];
    const [only] = await lease(pool, 1);
    await expect(only?.start(startBut(["a", "b"], came), signal)).rejects.toThrow("It is gone.");
    expect(came).toEqual(["a"]);
  });
});

describe("a start that fails", () => {
  test("goes on at the next healthy guacd, and the one that failed gets no more until it has passed a check", async () => {
    const pool = open(["a", "b", "c"]);
    await vi.advanceTimersByTimeAsync(10);
    const [first] = await lease(pool, 1);
    if (!first) throw new Error("no lease");
    const came: string[] = [];
    await first.start(startBut(["a"], came), signal);
    expect(came).toEqual(["a", "b"]);
    expect(host(first)).toBe("b");
    expect((await lease(pool, 3)).map(host)).toEqual(["c", "b", "c"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await lease(pool, 2)).map(host)).toEqual(["a", "a"]);
  });

  test("at every guacd rejects as the last one did, and counts nowhere when it is given back", async () => {
    const pool = open(["a", "b"]);
    const [first] = await lease(pool, 1);
    const came: string[] = [];
    await expect(first?.start(startBut(["a", "b"], came), signal)).rejects.toThrow("It is gone.");
    expect(came).toEqual(["a", "b"]);
    first?.release();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await lease(pool, 4)).map(host).sort()).toEqual(["a", "a", "b", "b"]);
  });

  test("for another reason than guacd's is nobody's fault here", async () => {
    const pool = open(["a", "b"]);
    const [first] = await lease(pool, 1);
    const refused = new SessionFailure("auth_failed", "The password is wrong.");
    await expect(first?.start(async () => Promise.reject(refused), signal)).rejects.toBe(refused);
    expect(pool.states).toEqual(["up", "up"]);
  });

  test("sends those that wait behind it to another guacd without trying this one", async () => {
    const pool = open(["a", "b"]);
    await vi.advanceTimersByTimeAsync(10);
    const [one, , two] = await lease(pool, 3);
    const failing = Promise.withResolvers<never>();
    const came: string[] = [];
    const starts = [
      one?.start(async (address) => (address.host === "a" ? failing.promise : started), signal),
      two?.start(startBut([], came), signal),
    ];
    failing.reject(guacdFailed());
    await Promise.all(starts);
    expect(came).toEqual(["b"]);
  });

  test("hears its abort", async () => {
    const pool = open(["a", "b"]);
    const abort = new AbortController();
    const [first] = await lease(pool, 1);
    const failed = first?.start(async () => {
      abort.abort(new Error("stop"));
      throw guacdFailed();
    }, abort.signal);
    await expect(failed).rejects.toThrow("stop");
  });
});

describe("a guacd is looked at", () => {
  test("as a session would at first, then with a knock every 10 s", async () => {
    open(["a"]);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(looks).toEqual(["check a", "knock a", "knock a"]);
  });

  test("not while sessions start there, which says as much", async () => {
    const pool = open(["a"]);
    await vi.advanceTimersByTimeAsync(9_000);
    const [first] = await lease(pool, 1);
    await first?.start(startBut([]), signal);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(looks).toEqual(["check a"]);
  });

  test("at once when it has lost a session, and gets none until it has answered", async () => {
    const pool = open(["a", "b"]);
    await vi.advanceTimersByTimeAsync(10);
    const [first] = await lease(pool, 1);
    first?.suspect();
    expect(pool.states).toEqual(["down", "up"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(looks.slice(2)).toEqual(["check a"]);
    expect(pool.states).toEqual(["up", "up"]);
  });

  test("once for all the sessions that it has lost, so that it is not left out for longer", async () => {
    const pool = open(["a", "b"]);
    await vi.advanceTimersByTimeAsync(10);
    const leases = await lease(pool, 20);
    silent.add("a");
    for (const each of leases.filter((one) => host(one) === "a")) {
      each.suspect();
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(looks.slice(2)).toEqual(["check a"]);
    silent.clear();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(pool.states).toEqual(["up", "up"]);
  });

  test("with growing pauses while it does not answer, of up to 30 s, and by check alone", async () => {
    silent.add("a");
    const pool = open(["a", "b"]);
    const times: number[] = [];
    for (let seconds = 0; seconds < 240; seconds++) {
      const before = looks.filter((each) => each.endsWith("a")).length;
      await vi.advanceTimersByTimeAsync(1_000);
      const count = looks.filter((each) => each.endsWith("a")).length - before;
      for (let nth = 0; nth < count; nth++) times.push(seconds);
    }
    expect(looks).not.toContain("knock a");
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...pauses.slice(0, 2))).toBeLessThanOrEqual(3);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(31);
    expect(Math.min(...pauses.slice(-3))).toBeGreaterThanOrEqual(14);
    expect(pool.states).toEqual(["down", "up"]);
  });

  test("no more when the pool is closed", async () => {
    const pool = open(["a", "b"]);
    await vi.advanceTimersByTimeAsync(10);
    await pool.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a guacd that is taken out", () => {
  test("keeps its sessions, gets no new ones, and is forgotten with its last", async () => {
    const pool = open(["a", "b"]);
    const [first] = await lease(pool, 2);
    pool.use([at("b")]);
    expect(pool.states).toEqual(["draining", "up"]);
    expect((await lease(pool, 2)).map(host)).toEqual(["b", "b"]);
    expect(first && host(first)).toBe("a");
    first?.release();
    expect(pool.states).toEqual(["up"]);
    looks.splice(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks.filter((each) => each.endsWith("a"))).toEqual([]);
  });

  test("and put back while it has sessions counts them", async () => {
    const pool = open(["a", "b"]);
    await lease(pool, 2);
    pool.use([at("b")]);
    pool.use([at("a"), at("b")]);
    expect((await lease(pool, 2)).map(host)).toEqual(["a", "b"]);
  });

  test("for one that was not there before, which is looked at and used", async () => {
    const pool = open(["a"]);
    await vi.advanceTimersByTimeAsync(10);
    pool.use([at("c")]);
    await vi.advanceTimersByTimeAsync(10);
    expect(looks).toEqual(["check a", "check c"]);
    expect((await lease(pool, 1)).map(host)).toEqual(["c"]);
  });

  test("and one that stays is reached by the certificates of now", async () => {
    const pool = open(["a"]);
    pool.use([{ ...at("a") }]);
    const [first] = await lease(pool, 1);
    expect(pool.states).toEqual(["up"]);
    expect(first?.address).toEqual(at("a"));
  });
});

describe("a guacd elsewhere", () => {
  const door = { bindAddress: "10.89.0.2", advertisedHost: "gateway" };
  const place = async (pool: GuacdPool) => (await pool.lease(signal)).place;

  test("is sent to the advertised name while the door opens at the bind address", async () => {
    expect(await place(open(["guacd"], door, async () => ["10.89.0.3"]))).toMatchObject(door);
  });

  test("is let in from its own addresses only, however the kernel writes them", async () => {
    const { admits } = await place(open(["guacd"], door, async () => ["10.89.0.3", "fd00::3"]));
    for (const address of ["10.89.0.3", "::ffff:10.89.0.3", "fd00::3", "fd00:0:0::3"])
      expect(admits(address), address).toBe(true);
    for (const address of ["10.89.0.2", "::ffff:10.89.0.4", "127.0.0.1", "fd00::2", "::", "guacd", ""])
      expect(admits(address), address).toBe(false);
  });

  test("is asked for its addresses by each session anew, because a container that starts again has another one", async () => {
    const answers = [["10.89.0.3"], ["10.89.0.4"]];
    const pool = open(["guacd"], door, async () => answers.shift() ?? []);
    const [first, second] = [await place(pool), await place(pool)];
    expect(first.admits("10.89.0.4")).toBe(false);
    expect(second.admits("10.89.0.4")).toBe(true);
  });

  test("without addresses is not let in, and one whose name is not found ends the session with its name", async () => {
    const none = await place(open(["guacd"], door, async () => []));
    expect(none.admits("10.89.0.3")).toBe(false);
    const lost = open(["guacd"], door, async () => Promise.reject(new Error("ENOTFOUND")));
    await expect(lost.lease(signal)).rejects.toMatchObject({
      end: { reason: "guacd_failed", detail: "The name of guacd, guacd, was not found." },
    });
  });

  test("whose name is not found is passed over for the next, at whose addresses the door looks then", async () => {
    const resolve = async (name: string) => (name === "b" ? ["10.89.0.4"] : Promise.reject(new Error("ENOTFOUND")));
    const pool = open(["a", "b"], door, resolve);
    const found = await pool.lease(signal);
    expect(host(found)).toBe("b");
    expect(found.place.admits("10.89.0.4")).toBe(true);
    expect(pool.states).toEqual(["down", "up"]);
  });

  test("that a start moves away from is not let in any more, and the next one is", async () => {
    const resolve = async (name: string) => [name === "a" ? "10.89.0.3" : "10.89.0.4"];
    const pool = open(["a", "b"], door, resolve);
    const moved = await pool.lease(signal);
    const { admits } = moved.place;
    await moved.start(startBut(["a"]), signal);
    expect([admits("10.89.0.3"), admits("10.89.0.4")]).toEqual([false, true]);
  });
});

test("on loopback nobody's name is asked for, because only this host can knock", async () => {
  const pool = open(["guacd"], loopbackPlace, async () => Promise.reject(new Error("asked")));
  expect((await pool.lease(signal)).place.admits("127.0.0.1")).toBe(true);
});
