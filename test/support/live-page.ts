import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { vi } from "vitest";
import { openBrowser } from "./browser.ts";
import {
  type FakeGateway,
  type FakeSessionServer,
  type Scenario,
  startFakeSessionServer,
} from "./fake-session-server.ts";
import { pendingSession, runSession } from "./session-scenarios.ts";

/** A session page against a scripted gateway, one session at a time. */
export interface LivePage {
  readonly scenario: Scenario;
  /** The socket that the page opened last. */
  readonly gateway: () => FakeGateway;
  /** How many sockets the page has opened. */
  readonly sockets: () => number;
  /** Opens the page; `query` begins with a question mark, `init` runs before the page's program. */
  open(options?: { context?: BrowserContextOptions; query?: string; init?: string }): Promise<Page>;
  /** What the last socket heard of this opcode. */
  sent(opcode: string): string[][];
  closePages(): Promise<void>;
  close(): Promise<void>;
}

export const startLivePage = async (): Promise<LivePage> => {
  const browser: Browser = await openBrowser();
  const scenario: Scenario = {};
  const server: FakeSessionServer = await startFakeSessionServer({ live: scenario });
  const peers: FakeGateway[] = [];
  const gateway = () => {
    const last = peers.at(-1);
    if (!last) throw new Error("The page opened no socket yet");
    return last;
  };
  /** Runs whatever the scenario says, and remembers the socket. */
  const reset = () => {
    peers.length = 0;
    scenario.session = { ...pendingSession };
    scenario.problem = undefined;
    scenario.onSocket = runSession;
    scenario.onPeer = (peer) => peers.push(peer);
  };
  reset();
  return {
    scenario,
    gateway,
    sockets: () => peers.length,
    open: async ({ context: options = {}, query = "", init = "" } = {}) => {
      const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
      const page = await context.newPage();
      await page.addInitScript(init);
      await page.goto(`${server.origin}/client/live${query}`);
      return page;
    },
    sent: (opcode) =>
      gateway()
        .received.filter(([name]) => name === opcode)
        .map((elements) => elements.slice(1)),
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      reset();
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
};

/** Waits until what the gateway heard is as it should be. */
export const hears = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 20 });
