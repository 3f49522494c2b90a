/**
 * What a busy list costs the browser: 200 sessions of which each changes twice a second, looked at for a while. Told are the
 * frames that came late; nothing is asserted. `npm run bench:list`.
 */
import { openBrowser, openPage } from "../support/browser.ts";
import { fakeEvents, runningSession } from "../support/live-events.ts";
import { percentile } from "../support/percentile.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { report, table } from "./parts/report.ts";

const sessionCount = 200;
const changesPerSecond = 400;
const lookMs = 15_000;

const gateway = await startTestGateway({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
const browser = await openBrowser();
try {
  const { cookie, email } = await gateway.signIn("admin");
  const page = await openPage(browser, { url: gateway.url, cookie });
  const sessions = Array.from({ length: sessionCount }, (_, index) =>
    runningSession(index % 2 === 0 ? email : "a.lindqvist@example.com", index, { hostname: `host-${index}.example` }),
  );
  await page.addInitScript(fakeEvents(sessions));
  await page.goto(`${gateway.url}/everybody`);
  await page.getByRole("grid").waitFor();
  const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
    const sessions = ${JSON.stringify(sessions)};
    const frames = [];
    let last = performance.now();
    let next = 0;
    const end = last + ${lookMs};
    const change = setInterval(() => {
      for (let count = 0; count < ${changesPerSecond / 50}; count++) {
        const session = sessions[next++ % sessions.length];
        session.active_connections = (session.active_connections + 1) % 3;
        pushEvent("session", session);
      }
    }, 20);
    const frame = (now) => {
      frames.push(now - last);
      last = now;
      if (now < end) return requestAnimationFrame(frame);
      clearInterval(change);
      resolve(frames);
    };
    requestAnimationFrame(frame);
  })`);
  const rows = [
    ["frames", String(frames.length)],
    ["p50", `${percentile(frames, 0.5).toFixed(1)} ms`],
    ["p95", `${percentile(frames, 0.95).toFixed(1)} ms`],
    ["longest", `${Math.max(...frames).toFixed(1)} ms`],
    ["over 50 ms", String(frames.filter((ms) => ms > 50).length)],
    ["over 100 ms", String(frames.filter((ms) => ms > 100).length)],
  ];
  report({ name: "list", conditions: "Chromium without a screen", body: table(["frames", ""], rows) });
} finally {
  await browser.close();
  await gateway.close();
}
