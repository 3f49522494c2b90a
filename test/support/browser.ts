import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { screens } from "./looks.ts";

/** Debian's Chromium, headless; nothing of it asks the outside for anything. Whoever opens it closes it. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

interface SignedIn {
  url: string;
  cookie: string;
  context?: BrowserContextOptions;
}

/** Where every page is signed in at `url` with a login cookie, and may use the clipboard. */
export const signedInContext = async (browser: Browser, options: SignedIn): Promise<BrowserContext> => {
  const context = await browser.newContext({
    ...screens.desk,
    permissions: ["clipboard-read", "clipboard-write"],
    ...options.context,
  });
  const [name = "", value = ""] = options.cookie.split("=");
  await context.addCookies([{ name, value, url: options.url, httpOnly: true, sameSite: "Lax" }]);
  return context;
};

/** A page of such a context of its own. */
export const openPage = async (browser: Browser, options: SignedIn): Promise<Page> =>
  (await signedInContext(browser, options)).newPage();
