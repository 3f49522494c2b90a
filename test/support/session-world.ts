import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, vi } from "vitest";
import type { SessionView } from "../../src/resources/sessions/schema.ts";
import { openBrowser, openPage } from "./browser.ts";
import { type PageWatch, watchPage } from "./page-watch.ts";
import { type SshHost, type SshHostOptions, startSshHost } from "./ssh-host.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

/** A session page of the world's owner. */
export interface SessionPage {
  readonly page: Page;
  readonly watch: PageWatch;
  readonly id: string;
}

/** A gateway with its own guacd, a real SSH server and a browser: what a session needs from one end to the other. */
export interface SessionWorld {
  readonly gateway: TestGateway;
  readonly host: SshHost;
  readonly browser: Browser;
  readonly cookie: string;
  /** Makes a session on the SSH server, with fields of the API that win over the usual ones; with a type, of these fields alone. */
  create(fields?: Record<string, unknown>): Promise<SessionView>;
  /** A watched page of the owner, or of nobody, not yet anywhere. */
  newPage(options?: { context?: BrowserContextOptions; cookie?: string | null }): Promise<Omit<SessionPage, "id">>;
  /** Makes a session and opens its page. */
  open(fields?: Record<string, unknown>, context?: BrowserContextOptions): Promise<SessionPage>;
  /** The same, and waits for the first picture. */
  run(fields?: Record<string, unknown>, context?: BrowserContextOptions): Promise<SessionPage>;
  /** The session's row once it has ended. */
  ended(id: string): Promise<SessionView>;
  read(id: string): Promise<SessionView>;
  /** Waits until a file in the user's home holds this; a file of the target is what a shell's work shows in. */
  fileHolds(name: string, text: string | RegExp): Promise<string>;
  /** Closes every page, and fails when one of them complained. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

export const startSessionWorld = async (
  options: { host?: SshHostOptions; environment?: Record<string, string | undefined> } = {},
): Promise<SessionWorld> => {
  const [gateway, host, browser] = await Promise.all([
    startTestGateway(options.environment),
    startSshHost(options.host),
    openBrowser(),
  ]);
  const owner = await gateway.signIn("poweruser");
  const watches: PageWatch[] = [];

  const create: SessionWorld["create"] = async (fields = {}) => {
    const usual = {
      hostname: host.host,
      port: host.port,
      username: host.username,
      ...(fields.private_key || fields.generate_keypair ? {} : { password: host.password }),
      locale: "C.UTF-8",
    };
    const answer = await fetch(`${gateway.url}/api/sessions`, {
      method: "POST",
      headers: { cookie: owner.cookie, "sec-fetch-site": "same-origin", "content-type": "application/json" },
      body: JSON.stringify("session_type" in fields ? fields : { ...usual, ...fields }),
    });
    if (answer.status !== 201) throw new Error(`No session: ${await answer.text()}`);
    return await view(answer);
  };
  const newPage: SessionWorld["newPage"] = async ({ context = {}, cookie = owner.cookie } = {}) => {
    const page =
      cookie === null
        ? await (await browser.newContext(context)).newPage()
        : await openPage(browser, { url: gateway.url, cookie, context });
    const watch = await watchPage(page, gateway.url);
    watches.push(watch);
    return { page, watch };
  };
  const open: SessionWorld["open"] = async (fields, context = {}) => {
    const [session, opened] = await Promise.all([create(fields), newPage({ context })]);
    await opened.page.goto(`${gateway.url}${session.client_url}`);
    return { ...opened, id: session.session_id };
  };
  const read: SessionWorld["read"] = async (id) =>
    view(await fetch(`${gateway.url}/api/sessions/${id}`, { headers: { cookie: owner.cookie } }));

  return {
    gateway,
    host,
    browser,
    cookie: owner.cookie,
    create,
    newPage,
    open,
    run: async (fields, context) => {
      const opened = await open(fields, context);
      await opened.page.getByRole("button", { name: "End" }).waitFor();
      return opened;
    },
    read,
    ended: (id) =>
      vi.waitFor(
        async () => {
          const session = await read(id);
          expect(session.status).toBe("ended");
          return session;
        },
        { timeout: 10_000, interval: 50 },
      ),
    fileHolds: (name, text) =>
      vi.waitFor(
        async () => {
          const found = await readFile(join(host.home, name), "utf8");
          if (typeof text === "string") expect(found).toBe(text);
          else expect(found).toMatch(text);
          return found;
        },
        { timeout: 10_000, interval: 50 },
      ),
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      const complaints = watches.splice(0).flatMap((watch) => watch.complaints());
      expect(complaints).toEqual([]);
    },
    close: async () => {
      await browser.close();
      await gateway.close();
      await host.stop();
    },
  };
};

const view = async (answer: Response): Promise<SessionView> => {
  const session: SessionView = JSON.parse(await answer.text());
  return session;
};
