import { afterAll, beforeAll, expect, test } from "vitest";
import { expectProblem, send } from "../support/http.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SESSION_MAX_PER_USER: "7",
    SALLYPORT_SESSION_MAX_TOTAL: "10",
  });
});
afterAll(() => gateway.close());

const create = (headers: Record<string, string>) =>
  send(`${gateway.url}/api/sessions`, {
    method: "POST",
    headers: { ...headers, "sec-fetch-site": "same-origin" },
    body: { hostname: "10.0.0.1" },
  });
const live = async () => {
  const rows = await gateway.database.selectFrom("session").select(["id", "status"]).execute();
  return rows.filter(({ status }) => status !== "ended").map(({ id }) => id);
};

test("thirty at once make exactly as many as one person may have; then the next person fills the rest, and room comes back with an end", async () => {
  const first = await gateway.signIn("poweruser");
  const storm = await Promise.all(Array.from({ length: 30 }, () => create({ cookie: first.cookie })));
  expect(storm.filter(({ status }) => status === 201)).toHaveLength(7);
  for (const answer of storm.filter(({ status }) => status !== 201)) expectProblem(answer, 409, "limit_reached");
  expect(await live()).toHaveLength(7);

  const admin = { authorization: `Bearer ${gateway.adminKey}` };
  const rest = await Promise.all(Array.from({ length: 30 }, () => create(admin)));
  expect(rest.filter(({ status }) => status === 201)).toHaveLength(3);
  for (const answer of rest.filter(({ status }) => status !== 201)) expectProblem(answer, 409, "limit_reached");
  expect(await live()).toHaveLength(10);

  const [id = ""] = await live();
  await send(`${gateway.url}/api/sessions/${id}`, { method: "DELETE", headers: admin });
  expect((await create(admin)).status).toBe(201);
  expectProblem(await create(admin), 409, "limit_reached");
  expect(await live()).toHaveLength(10);
});
