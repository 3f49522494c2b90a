import { execFile } from "node:child_process";
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { openPage } from "../support/browser.ts";
import { portalPlaces } from "../support/portal-places.ts";
import { sessionApi } from "../support/session-api.ts";
import { settle } from "../support/settle.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { typeKeys } from "../support/type-keys.ts";

const run = promisify(execFile);
const folder = "docs/images";

/** The pictures of the README: a real shell and a real list. Rejects when one cannot be made. */
export const drawReadme = async (browser: Browser): Promise<string[]> => {
  await drawShell(browser);
  await drawList(browser);
  return [];
};

const drawList = async (browser: Browser): Promise<void> => {
  const { gateway, cookies, close } = await portalPlaces.busy();
  try {
    const context = { viewport: { width: 1440, height: 640 }, colorScheme: "light" } as const;
    const page = await openPage(browser, { url: gateway.url, cookie: cookies.poweruser, context });
    await page.goto(gateway.url);
    await page.getByRole("grid").waitFor();
    await page.keyboard.press("ArrowDown");
    await settle(page);
    await page.screenshot({ path: `${folder}/start.png` });
    await page.context().close();
  } finally {
    await close();
  }
};

const drawShell = async (browser: Browser): Promise<void> => {
  const [gateway, host] = await Promise.all([startTestGateway(), startSshHost()]);
  try {
    await makeShop(host);
    const { cookie } = await gateway.signIn("poweruser");
    const { username, password, port } = host;
    const api = sessionApi(gateway, cookie, { hostname: host.host, port, username, password, locale: "C.UTF-8" });
    const id = await api.create();
    const page = await openPage(browser, { url: gateway.url, cookie });
    await page.goto(`${gateway.url}/client/${id}`);
    await page.getByRole("button", { name: "End" }).waitFor();
    await work(page, host);
    // The shell is real, and the row tells of a machine that one would rather see; the page reads it when it comes back.
    const shown = { hostname: "web-01.internal", port: 22, username: "deploy" };
    await gateway.database.updateTable("session").set(shown).where("id", "=", id).execute();
    await page.reload();
    await page.getByRole("button", { name: "End" }).waitFor();
    await still(page);
    await page.screenshot({ path: `${folder}/session.png` });
    await page.context().close();
  } finally {
    await gateway.close();
    await host.stop();
  }
};

/** What is typed, each line when the one before has had its effect. */
const work = async (page: Page, host: SshHost): Promise<void> => {
  await page.locator("canvas").first().waitFor();
  await typeKeys(page, ". ~/prepare\n");
  await there(join(host.home, "prepared"));
  for (const line of ["ls -goF", "git log --graph --oneline --all --decorate", "stty size"]) {
    await still(page);
    await typeKeys(page, `${line}\n`);
  }
  await still(page);
};

const there = async (path: string): Promise<void> => {
  const limitMs = performance.now() + 10_000;
  while (
    !(await access(path).then(
      () => true,
      () => false,
    ))
  ) {
    if (performance.now() > limitMs) throw new Error(`The shell did not make ${path}`);
    await sleep(50);
  }
};

/** Waits until two looks in succession, a third of a second apart, are the same; only the latency may go on changing. */
const still = async (page: Page): Promise<void> => {
  const look = () => page.locator("canvas").first().screenshot();
  let before = await look();
  for (let count = 0; count < 20; count++) {
    await sleep(350);
    const now = await look();
    if (now.equals(before)) return;
    before = now;
  }
};

/** A project in the user's home with a history worth looking at, and a prompt that says where one is. */
const makeShop = async (host: SshHost): Promise<void> => {
  const shop = join(host.home, "shop");
  await mkdir(shop);
  const date = "2026-11-24T04:05:00Z";
  const env = {
    ...{ PATH: process.env.PATH, HOME: shop, GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C.UTF-8" },
    ...{ GIT_AUTHOR_NAME: "Deploy", GIT_AUTHOR_EMAIL: "deploy@example.com", GIT_AUTHOR_DATE: date },
    ...{ GIT_COMMITTER_NAME: "Deploy", GIT_COMMITTER_EMAIL: "deploy@example.com", GIT_COMMITTER_DATE: date },
  };
  await run("sh", ["-euc", history], { cwd: shop, env });
  const prompt = String.raw`\[\e[1;32m\]deploy@web-01\[\e[0m\]:\[\e[1;34m\]~/shop\[\e[0m\]$ `;
  const prepare = `cd ~/shop; export GIT_PAGER=cat LS_COLORS=; PS1='${prompt}'
alias ls='ls --color=always --time-style=+"%b %d %H:%M"' git='git -c color.ui=always'
touch ~/prepared; clear`;
  await writeFile(join(host.home, "prepare"), prepare);
  await run("chown", ["--recursive", `${host.username}:`, shop, join(host.home, "prepare")]);
};

const history = `
git init --quiet --initial-branch=main .
commit() { git commit --quiet --allow-empty --message "$1"; }
commit 'feat: the first page'
commit 'feat(cart): keep the cart for a week'
git branch search; git branch payment
commit 'fix(cart): prices in ¥ have no cents'
git switch --quiet search; commit 'feat(search): find products by colour'
git switch --quiet payment
commit 'feat(payment): pay by invoice'
commit 'test(payment): invoices over 10 000 €'
git switch --quiet main
git merge --quiet --no-ff --message "Merge branch 'payment'" payment
git tag v1.4.0
commit 'docs: how to set up a shop'
commit 'perf: cache the front page for a minute'
git tag v1.4.1
commit 'fix: größere Bilder laden wieder'
mkdir deploy docs src; ln -s docs/setup.md SETUP; printf 'x\\n' >Makefile; printf 'x\\n' >README.md`;
