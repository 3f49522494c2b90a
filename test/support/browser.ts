import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

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

/** A page that is signed in at `url` with a login cookie, and that may use the clipboard. */
export const openPage = async (
  browser: Browser,
  options: { url: string; cookie: string; context?: BrowserContextOptions },
): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...options.context,
  });
  const [name = "", value = ""] = options.cookie.split("=");
  await context.addCookies([{ name, value, url: options.url, httpOnly: true, sameSite: "Lax" }]);
  return context.newPage();
};
