import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

/**
 * Who may call what: the one table. `id` stands for a pending session of somebody else, an admin's, or for a fresh key or
 * host key. A number is the status that each caller gets, in the order of `callers`. A route that the gateway has and this table lacks fails the test.
 */
const callers = ["anonymous", "viewer", "operator", "poweruser", "admin", "disabled key"] as const;
const expected: Record<string, readonly [number, number, number, number, number, number]> = {
  "GET /api/health": [200, 200, 200, 200, 200, 200],
  "GET /api/auth/status": [200, 200, 200, 200, 200, 200],
  "GET /api/v1/api-docs": [200, 200, 200, 200, 200, 200],
  "GET /api/me": [401, 200, 200, 200, 200, 401],
  "POST /auth/key": [401, 401, 401, 401, 401, 401],
  "GET /auth/logout": [302, 302, 302, 302, 302, 302],
  "POST /auth/logout": [302, 302, 302, 302, 302, 302],
  "GET /api/protocols": [401, 403, 200, 200, 200, 401],
  "POST /api/sessions": [401, 403, 403, 201, 201, 401],
  "POST /api/sessions/diagnose": [401, 403, 403, 200, 200, 401],
  "GET /api/sessions": [401, 403, 200, 200, 200, 401],
  "GET /api/sessions/{id}": [401, 403, 200, 200, 200, 401],
  "DELETE /api/sessions/{id}": [401, 403, 403, 403, 204, 401],
  "POST /api/ws-ticket": [401, 403, 201, 201, 201, 401],
  "GET /api/events": [401, 403, 200, 200, 200, 401],
  "GET /api/about": [401, 403, 200, 200, 200, 401],
  "GET /api/admin/keys": [401, 403, 403, 403, 200, 401],
  "POST /api/admin/keys": [401, 403, 403, 403, 201, 401],
  "POST /api/admin/keys/{id}/disable": [401, 403, 403, 403, 200, 401],
  "POST /api/admin/keys/{id}/enable": [401, 403, 403, 403, 200, 401],
  "POST /api/admin/keys/{id}/rotate": [401, 403, 403, 403, 200, 401],
  "DELETE /api/admin/keys/{id}": [401, 403, 403, 403, 204, 401],
  "GET /api/admin/known-hosts": [401, 403, 403, 403, 200, 401],
  "POST /api/admin/known-hosts/{id}/approve": [401, 403, 403, 403, 200, 401],
  "DELETE /api/admin/known-hosts/{id}": [401, 403, 403, 403, 204, 401],
  "GET /ws/{id}": [401, 403, 403, 403, 409, 401],
};

const bodies: Record<string, unknown> = {
  "POST /auth/key": { key: "sp_wrong" },
  "POST /api/sessions": { hostname: "127.0.0.1", username: "root" },
  "POST /api/sessions/diagnose": { hostname: "127.0.0.1", port: 1 },
  "POST /api/admin/keys": { name: "made" },
};

let gateway: TestGateway;
let headersOf: Record<(typeof callers)[number], Record<string, string>>;

beforeAll(async () => {
  gateway = await startTestGateway();
  const roles = ["viewer", "operator", "poweruser", "admin"] as const;
  const cookies = await Promise.all(roles.map((role) => gateway.signIn(role)));
  const [viewer = "", operator = "", poweruser = "", admin = ""] = cookies.map(({ cookie }) => cookie);
  headersOf = {
    anonymous: {},
    viewer: { cookie: viewer },
    operator: { cookie: operator },
    poweruser: { cookie: poweruser },
    admin: { cookie: admin },
    "disabled key": { authorization: `Bearer ${await gateway.addKey("off", { disabled: true })}` },
  };
});
afterAll(() => gateway.close());

const apiDocs = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

test("every route that the gateway serves stands in the table, and none that it does not", async () => {
  const { paths } = apiDocs.parse(await (await fetch(`${gateway.url}/api/v1/api-docs`)).json());
  const served = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(served.sort()).toEqual(Object.keys(expected).sort());
});

describe.each(Object.entries(expected))("%s", (route, statuses) => {
  test.each(callers.map((caller, index) => [caller, statuses[index] ?? 0] as const))(
    "%s gets %i",
    async (caller, status) => {
      const [method = "", path = ""] = route.split(" ");
      const body = bodies[route];
      const response = await fetch(
        gateway.url + (path.includes("{id}") ? path.replace("{id}", await idFor(path)) : path),
        {
          method,
          redirect: "manual",
          headers: {
            ...headersOf[caller],
            "sec-fetch-site": "same-origin",
            ...(body ? { "content-type": "application/json" } : {}),
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
        },
      );
      // A stream has no end to wait for.
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
      expect(response.status, isStream ? "a stream" : await response.clone().text()).toBe(status);
      if (isStream) await response.body?.cancel();
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      if (status >= 400) {
        const problem = z.object({
          status: z.literal(status),
          code: z.string(),
          detail: z.string(),
          error: z.string(),
        });
        problem.parse(await response.json());
      }
      // Signing out ends the login that the next rows need.
      if (path === "/auth/logout" && caller in rolesByCaller)
        headersOf[caller] = { cookie: (await gateway.signIn(rolesByCaller[caller] ?? "viewer")).cookie };
    },
  );
});

const rolesByCaller: Partial<Record<(typeof callers)[number], "viewer" | "operator" | "poweruser" | "admin">> = {
  viewer: "viewer",
  operator: "operator",
  poweruser: "poweruser",
  admin: "admin",
};

let made = 0;
const idFor = async (path: string): Promise<string> => {
  if (path.startsWith("/api/admin/keys/")) {
    made += 1;
    return (await gateway.adminKeys.create({ name: `key ${made}` }, gateway.actor)).row.id;
  }
  if (!path.startsWith("/api/admin/known-hosts/")) return await othersSession();
  const place = { kind: "ssh", path: "", host: `h${made++}`, port: 22 } as const;
  await gateway.knownHosts.trustFirst(
    place,
    { keyType: "ssh-ed25519", publicKey: "AAAA", fingerprint: "SHA256:x" },
    "a",
  );
  return (await gateway.knownHosts.find(place))[0]?.id ?? "";
};

/** A fresh session of the admin key, which none of the callers owns. */
const othersSession = async (): Promise<string> => {
  const response = await fetch(`${gateway.url}/api/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${gateway.adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ hostname: "127.0.0.1", username: "root" }),
  });
  expect(response.status, await response.clone().text()).toBe(201);
  return z.object({ session_id: z.string() }).parse(await response.json()).session_id;
};
