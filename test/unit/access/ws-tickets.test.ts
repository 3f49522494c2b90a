import { expect, test } from "vitest";
import type { Proof } from "../../../src/access/authenticator.ts";
import { createWsTickets } from "../../../src/access/ws-tickets.ts";
import type { Principal } from "../../../src/core/principal.ts";
import { Secret } from "../../../src/core/secret.ts";

const proof: Proof = { kind: "key", hash: "h" };
const keyNamed = (name: string): Principal => ({ kind: "api_key", id: name, name, role: "admin" });
const maker = keyNamed("one");

const ticketsAt = (startMs = 1_000_000) => {
  let nowMs = startMs;
  const tickets = createWsTickets({ clock: { nowMs: () => nowMs } });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { tickets, pass };
};

test("a ticket has 256 bits of chance, and prints as nothing", () => {
  const { tickets } = ticketsAt();
  const issued = Array.from({ length: 50 }, () => tickets.issue({ proof, sessionId: null }, maker));
  for (const ticket of issued) expect(ticket.reveal()).toMatch(/^wst_[\w-]{43}$/);
  expect(new Set(issued.map((ticket) => ticket.reveal())).size).toBe(50);
  expect(`${issued[0]} ${JSON.stringify(issued[0])}`).not.toContain("wst_");
});

test("it can be looked at often and is used once", () => {
  const { tickets } = ticketsAt();
  const ticket = tickets.issue({ proof, sessionId: "s" }, maker);
  expect(tickets.find(ticket)).toMatchObject({ proof, sessionId: "s" });
  expect(tickets.find(ticket)).toBeDefined();
  expect(tickets.use(ticket)).toBe(true);
  expect(tickets.use(ticket)).toBe(false);
  expect(tickets.find(ticket)).toBeUndefined();
  expect(tickets.find(new Secret("wst_other"))).toBeUndefined();
});

test("it is gone after 30 seconds, to the millisecond", () => {
  const { tickets, pass } = ticketsAt();
  const ticket = tickets.issue({ proof, sessionId: null }, maker);
  pass(29_999);
  expect(tickets.find(ticket)).toBeDefined();
  pass(1);
  expect(tickets.find(ticket)).toBeUndefined();
  expect(tickets.use(ticket)).toBe(false);
});

test("a maker has 100 unused ones at most, which hinders nobody else, until some are used or expire", () => {
  const { tickets, pass } = ticketsAt();
  const issue = (by = maker) => tickets.issue({ proof, sessionId: null }, by);
  const first = issue();
  for (let more = 1; more < 100; more++) issue();
  expect(() => issue()).toThrow(expect.objectContaining({ code: "rate_limited", headers: { "Retry-After": "30" } }));
  issue(keyNamed("two"));
  tickets.use(first);
  issue();
  expect(() => issue()).toThrow();
  pass(30_000);
  issue();
});

test("there are 10,000 unused ones at most in all", () => {
  const { tickets } = ticketsAt();
  for (let each = 0; each < 10_000; each++) tickets.issue({ proof, sessionId: null }, keyNamed(String(each)));
  expect(() => tickets.issue({ proof, sessionId: null }, maker)).toThrow(
    expect.objectContaining({ code: "rate_limited" }),
  );
});
