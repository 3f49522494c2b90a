import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser, openPage } from "./browser.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

/** A gateway without a guacd, whose sessions are made and never opened, and a browser for its portal. */
export interface PortalWorld {
  readonly gateway: TestGateway;
  readonly browser: Browser;
  /** A page in a window of its own, signed in and still empty. */
  newPage(role: Parameters<TestGateway["signIn"]>[0], context?: BrowserContextOptions): Promise<Page>;
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** Whoever starts it closes it. */
export const startPortalWorld = async (
  environment: Parameters<typeof startTestGateway>[0] = {},
): Promise<PortalWorld> => {
  const gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1", ...environment });
  const browser = await openBrowser();
  return {
    gateway,
    browser,
    newPage: async (role, context = {}) => {
      const { cookie } = await gateway.signIn(role);
      return openPage(browser, { url: gateway.url, cookie, context });
    },
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    close: async () => {
      await browser.close();
      await gateway.close();
    },
  };
};
