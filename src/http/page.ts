import type { PageAssets } from "./assets.ts";
import { schemeScript } from "./scheme-script.ts";
import { contentSecurityPolicy } from "./security-headers.ts";

/** The HTML of a page whose content its own program draws. `facts` become `data-` attributes of the root element. */
export const pageResponse = (options: {
  title: string;
  assets: PageAssets;
  nonce: string;
  facts?: Readonly<Record<string, string>>;
}): Response => {
  const { title, assets, nonce, facts = {} } = options;
  const data = Object.entries(facts).map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.svg">
<script nonce="${nonce}">${schemeScript}</script>
${assets.styles.map((href) => `<link rel="stylesheet" href="${href}" nonce="${nonce}">`).join("\n")}
${assets.preloads.map((href) => `<link rel="modulepreload" href="${href}" nonce="${nonce}">`).join("\n")}
<script type="module" nonce="${nonce}" src="${assets.script}"></script>
</head>
<body><div id="root"${data.join("")}></div></body>
</html>
`;
  return htmlResponse(html, 200, nonce);
};

/** A small page with one plain sentence, for people who meet an error outside the API. */
export const sentencePage = (options: { title: string; sentence: string; status: number; nonce: string }): Response => {
  const { title, sentence, status, nonce } = options;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.svg">
<style nonce="${nonce}">:root{color-scheme:light dark;background:Canvas}body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 16px}</style>
</head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p><p><a href="/">To the start page</a></p></main></body>
</html>
`;
  return htmlResponse(html, status, nonce);
};

const htmlResponse = (html: string, status: number, nonce: string): Response =>
  new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": contentSecurityPolicy(nonce),
    },
  });

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
