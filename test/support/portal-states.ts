import type { Page, Route } from "playwright-core";
import { hopStates } from "./portal-hop-states.ts";
import type { PortalState } from "./portal-state.ts";
import { clicks, form, openAll, presses, protocol, says, seesDialog, seesHeading, seesRows } from "./portal-steps.ts";
import { wcagRules } from "./run-axe.ts";

const answers = (path: string, answer: (route: Route) => Promise<void>) => (page: Page) => page.route(path, answer);
const never = () => Promise.resolve();
const breaks = (route: Route) =>
  route.fulfill({
    status: 500,
    contentType: "application/problem+json",
    headers: { "x-request-id": "019ab3f0-52b7-7c1e-9a55-0f1b77d2c3aa" },
    body: JSON.stringify({ status: 500, code: "internal", detail: "Internal error" }),
  });
const json = (status: number, body: unknown) => (route: Route) =>
  route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) });

const searches = (text: string, then: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await seesRows(page);
  await page.getByRole("searchbox").fill(text);
  await then(page);
};
/** A button of a row, which a small screen may show further down. */
const asks = (name: RegExp) => async (page: Page) => {
  await seesRows(page);
  await page.getByRole("button", { name }).first().click();
  await seesDialog(page);
};

const seesLoading = (page: Page) =>
  page
    .getByRole("status", { name: /loading/ })
    .first()
    .waitFor();

const freshKey = {
  id: "019ab3f0-52b7-7c1e-9a55-0f1b77d2c3ab",
  name: "backup-robot",
  allowed_ips: [],
  created_at: "2026-11-25T10:00:00Z",
  expires_at: null,
  last_used_at: null,
  disabled: false,
  key: "sp_4u2hXGq0yv3cNfWm8TzKdR1sYpLb6QeJ9aVoUi7HgEx",
};

/** As the gateway does after the fifth failure. */
const refuseSignIn = (route: Route): Promise<void> =>
  route.fulfill({
    status: 429,
    headers: { "retry-after": "40", "content-type": "application/problem+json" },
    body: JSON.stringify({ code: "rate_limited", detail: "Too many tries. Wait 40 s." }),
  });

export const portalStates: readonly PortalState[] = [
  {
    name: "sign-in",
    path: "/",
    who: null,
    place: "empty",
    reach: (page) => page.getByLabel("API key or token").waitFor(),
  },
  {
    name: "sign-in-refused",
    path: "/",
    who: null,
    place: "empty",
    reach: async (page) => {
      await page.getByLabel("API key or token").fill("sp_wrong");
      await page.keyboard.press("Enter");
      await says("This key is not valid, or it has been switched off.")(page);
    },
  },
  {
    name: "sign-in-too-many",
    path: "/",
    who: null,
    place: "empty",
    reach: async (page) => {
      await page.route("**/auth/key", refuseSignIn);
      await page.getByLabel("API key or token").fill("sp_wrong");
      await page.keyboard.press("Enter");
      await says("Too many tries.")(page);
    },
  },
  { name: "first-run", path: "/", who: "admin", place: "empty", reach: seesHeading("Welcome to Sallyport") },
  { name: "no-sessions", path: "/", who: "poweruser", place: "empty", reach: says("You have no running session") },
  {
    name: "no-sessions-operator",
    path: "/",
    who: "operator",
    place: "empty",
    reach: says("You have no running session"),
  },
  {
    name: "no-sessions-everybody",
    path: "/everybody",
    who: "admin",
    place: "empty",
    reach: says("Nobody has a running session"),
  },
  {
    name: "no-sessions-ended",
    path: "/ended",
    who: "poweruser",
    place: "empty",
    reach: says("No session has ended yet"),
  },
  { name: "viewer", path: "/", who: "viewer", place: "empty", reach: says("Your role opens no sessions") },
  {
    name: "loading",
    path: "/",
    who: "poweruser",
    place: "empty",
    before: answers("**/api/events", never),
    reach: async (page) => {
      await seesHeading("Sessions")(page);
      await seesLoading(page);
    },
  },
  {
    name: "error",
    path: "/",
    who: "poweruser",
    place: "empty",
    before: answers("**/api/events", breaks),
    reach: says("Request"),
  },
  {
    name: "gateway-gone",
    path: "/",
    who: "poweruser",
    place: "busy",
    // The real list, and then nothing more.
    before: async (page) => {
      let count = 0;
      await page.route("**/api/events", async (route) => {
        if (count++ > 0) return route.abort();
        const answer = await page.request.get(`${new URL(route.request().url()).origin}/api/sessions?mine=true`);
        const body = `event: snapshot\ndata: ${await answer.text()}\n\n`;
        await route.fulfill({ contentType: "text/event-stream", body });
      });
    },
    reach: says("The gateway does not answer."),
  },
  { name: "sessions", path: "/", who: "poweruser", place: "busy", reach: presses("ArrowDown", seesRows, seesRows) },
  {
    name: "sessions-everybody",
    path: "/everybody",
    who: "admin",
    place: "busy",
    reach: presses("ArrowDown", seesRows, seesRows),
  },
  {
    name: "sessions-ended",
    path: "/ended",
    who: "poweruser",
    place: "busy",
    reach: presses("ArrowDown", seesRows, seesRows),
  },
  {
    name: "sessions-many",
    path: "/everybody",
    who: "admin",
    place: "crowded",
    reach: presses("ArrowDown", seesRows, seesRows),
  },
  { name: "search", path: "/everybody", who: "admin", place: "crowded", reach: searches("10.20.1.2", seesRows) },
  {
    name: "search-nothing",
    path: "/everybody",
    who: "admin",
    place: "crowded",
    reach: searches("nowhere", says(/nowhere/)),
  },
  { name: "end", path: "/", who: "poweruser", place: "busy", reach: asks(/^End:/) },
  { name: "new-session", path: "/", who: "poweruser", place: "empty", reach: form() },
  { name: "new-session-rdp", path: "/", who: "poweruser", place: "empty", reach: form(protocol("RDP")) },
  { name: "new-session-vnc", path: "/", who: "poweruser", place: "empty", reach: form(protocol("VNC")) },
  {
    name: "new-session-options",
    path: "/",
    who: "poweruser",
    place: "empty",
    reach: form(async (page) => {
      await page.getByText("Private key", { exact: true }).click();
      await page.getByRole("button", { name: "Change terminal" }).click();
    }),
  },
  {
    name: "new-session-faults",
    path: "/",
    who: "poweruser",
    place: "empty",
    reach: form(async (page) => {
      await page.getByRole("button", { name: "Start session" }).click();
      await says("Type the host to reach.")(page);
    }),
  },
  {
    name: "new-session-refused",
    path: "/",
    who: "poweruser",
    place: "empty",
    reach: form(async (page) => {
      await page.getByLabel("Host", { exact: true }).fill("deploy@169.254.169.254:22");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
    }),
  },
  {
    name: "new-session-all-faults",
    path: "/",
    who: "poweruser",
    place: "empty",
    reach: form(async (page) => {
      await page.getByText("Private key", { exact: true }).first().click();
      await openAll(page);
      await page.getByLabel("Font size").fill("1000");
      await page.getByLabel("Port").first().fill("0");
      await clicks(page, "Start session");
      await says("Type the host to reach.")(page);
    }),
  },
  ...["RDP", "VNC"].map(
    (name): PortalState => ({
      name: `new-session-${name.toLowerCase()}-open`,
      path: "/",
      who: "poweruser",
      place: "empty",
      reach: form(async (page) => {
        await protocol(name)(page);
        await openAll(page);
      }),
    }),
  ),
  ...hopStates,
  { name: "palette", path: "/", who: "admin", place: "busy", reach: presses("Control+k", seesDialog, seesRows) },
  {
    name: "palette-search",
    path: "/",
    who: "admin",
    place: "busy",
    reach: presses(
      "Control+k",
      async (page) => {
        await seesDialog(page);
        await page.keyboard.type("ssh deploy@10.20.9.61");
      },
      seesRows,
    ),
  },
  {
    name: "palette-nothing",
    path: "/",
    who: "admin",
    place: "busy",
    reach: presses(
      "Control+k",
      async (page) => {
        await page.getByRole("combobox").fill("qq qq");
        await says(/^Nothing found/)(page);
      },
      seesRows,
    ),
  },
  { name: "keyboard", path: "/", who: "admin", place: "busy", reach: presses("?", seesDialog, seesRows) },
  {
    name: "account",
    path: "/",
    who: "poweruser",
    place: "empty",
    reach: async (page) => {
      await page.getByRole("button", { name: /account of/ }).click();
      await page.getByRole("button", { name: "Sign out" }).waitFor();
    },
  },
  { name: "keys", path: "/admin/keys", who: "admin", place: "busy", reach: seesRows },
  {
    name: "keys-loading",
    path: "/admin/keys",
    who: "admin",
    place: "empty",
    before: answers("**/api/admin/keys?*", never),
    reach: async (page) => {
      await seesHeading("API keys")(page);
      await seesLoading(page);
    },
  },
  {
    name: "keys-error",
    path: "/admin/keys",
    who: "admin",
    place: "empty",
    before: answers("**/api/admin/keys?*", breaks),
    reach: says("Request"),
  },
  { name: "keys-new", path: "/admin/keys", who: "admin", place: "busy", reach: asks(/^New key$/) },
  {
    name: "keys-once",
    path: "/admin/keys",
    who: "admin",
    place: "busy",
    before: answers("**/api/admin/keys", json(201, freshKey)),
    reach: async (page) => {
      await asks(/^New key$/)(page);
      await page.getByRole("dialog").getByLabel("Name").fill(freshKey.name);
      await page.keyboard.press("Enter");
      await page.getByLabel("I have copied it").waitFor();
    },
  },
  {
    name: "keys-new-faults",
    path: "/admin/keys",
    who: "admin",
    place: "busy",
    reach: async (page) => {
      await asks(/^New key$/)(page);
      await clicks(page, "Make key");
      await says("Type what the key is for.")(page);
    },
  },
  { name: "keys-delete", path: "/admin/keys", who: "admin", place: "busy", reach: asks(/^Delete /) },
  {
    name: "keys-not-admin",
    path: "/admin/keys",
    who: "poweruser",
    place: "empty",
    reach: says("This page is for admins"),
  },
  { name: "host-keys", path: "/admin/known-hosts", who: "admin", place: "busy", reach: seesRows },
  {
    name: "host-keys-none",
    path: "/admin/known-hosts",
    who: "admin",
    place: "empty",
    reach: says("No host key is known yet"),
  },
  { name: "host-keys-approve", path: "/admin/known-hosts", who: "admin", place: "busy", reach: asks(/^Approve /) },
  { name: "host-keys-forget", path: "/admin/known-hosts", who: "admin", place: "busy", reach: asks(/^Forget /) },
  { name: "about", path: "/about", who: "admin", place: "busy", reach: seesHeading("About") },
  { name: "about-operator", path: "/about", who: "operator", place: "empty", reach: seesHeading("About") },
  { name: "not-found", path: "/nowhere", who: "poweruser", place: "empty", reach: seesHeading("Not found") },
  {
    name: "api-docs",
    path: "/api-docs",
    who: null,
    place: "empty",
    axe: wcagRules,
    reach: (page) => page.locator(".opblock").first().waitFor(),
  },
];
