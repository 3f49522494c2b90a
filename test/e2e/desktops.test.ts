import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type CertificateMaker, startCertificateMaker } from "../support/certificates.ts";
import { type RdpHost, startRdpHost } from "../support/rdp-host.ts";
import { type SessionPage, type SessionWorld, startSessionWorld } from "../support/session-world.ts";
import { targetOf } from "../support/target-of.ts";
import { typeKeys } from "../support/type-keys.ts";
import { startVncHost, type VncHost } from "../support/vnc-host.ts";

// VNC and RDP in a real browser, on real servers.

let world: SessionWorld;
let vnc: VncHost;
let rdp: RdpHost;
let certificates: CertificateMaker;
beforeAll(async () => {
  [world, vnc, rdp, certificates] = await Promise.all([
    startSessionWorld(),
    startVncHost(),
    startRdpHost(),
    startCertificateMaker(),
  ]);
}, 60_000);
afterEach(() => world.closePages());
afterAll(async () => {
  await world?.close();
  await Promise.all([vnc?.stop(), rdp?.stop(), certificates?.remove()]);
});

const onVnc = (fields: object = {}) => ({
  session_type: "vnc",
  hostname: vnc.host,
  port: vnc.port,
  password: vnc.password,
  ...fields,
});
const onRdp = (fields: object = {}) => ({ session_type: "rdp", ...targetOf(rdp), ...fields });
const running = (page: Page) => page.getByRole("button", { name: "End" }).waitFor();
const title = (page: Page, words: string) => page.getByRole("heading", { level: 1, name: words }).waitFor();

/** What the remote screen shows: how many of its pixels are not the letterbox's or black, and a sum that any change moves. */
const picture = (page: Page) =>
  page.evaluate<{ lit: number; sum: number }>(`(() => {
    let lit = 0, sum = 0;
    for (const canvas of document.querySelectorAll(".sp-picture canvas")) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) {
        const light = data[i] + data[i + 1] + data[i + 2];
        if (data[i + 3] > 0 && light > 60) lit++;
        sum = (sum * 31 + light) % 1000000007;
      }
    }
    return { lit, sum };
  })()`);
const untilLit = (page: Page) =>
  expect.poll(async () => (await picture(page)).lit, { timeout: 20_000, interval: 250 }).toBeGreaterThan(500);

/** The whole picture is there again within 2 s. */
const expectBackAfterReload = async (page: Page) => {
  page.once("dialog", (dialog) => dialog.accept());
  await page.reload({ waitUntil: "commit" });
  const begun = performance.now();
  await running(page);
  await untilLit(page);
  expect(performance.now() - begun).toBeLessThan(2_000);
};

describe("VNC", () => {
  test("draws the screen; a typed command changes its pixels", async () => {
    const { page } = await world.run(onVnc());
    await untilLit(page);
    const before = await picture(page);
    await page.mouse.move(300, 300);
    await typeKeys(page, "seq 1 40\n");
    await expect.poll(async () => (await picture(page)).sum, { timeout: 10_000 }).not.toBe(before.sum);
  });

  test("a wrong password is asked for again, and the right one draws the screen", async () => {
    const { page } = await world.open(onVnc({ password: "wrong" }));
    await page.getByText("2 tries left").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(vnc.password);
    await page.keyboard.press("Enter");
    await running(page);
    await untilLit(page);
  });

  test("the whole picture is back within 2 s of a reload", async () => {
    const { page } = await world.run(onVnc());
    await untilLit(page);
    await expectBackAfterReload(page);
  });

  test("a server that goes away says so", async () => {
    const other = await startVncHost({ password: null });
    const session = await world.run(onVnc({ port: other.port, password: "" }));
    await other.stop();
    await session.page
      .getByText("The connection to 127.0.0.1 was lost: it went away, or the network in between failed.")
      .waitFor();
    expect(await world.ended(session.id)).toMatchObject({
      end_detail: "The connection to 127.0.0.1 was lost: it went away, or the network in between failed.",
    });
  });
});

describe("RDP", () => {
  const start = async (): Promise<SessionPage> => {
    const session = await world.run(onRdp());
    await untilLit(session.page);
    return session;
  };

  test("signs in to a drawn desktop, whose size follows the window, and which is back within 2 s of a reload", async () => {
    const { page } = await start();
    await page.setViewportSize({ width: 1100, height: 700 });
    await expect
      .poll(() => rdp.display.size(), { timeout: 15_000, interval: 250 })
      .toEqual({ width: 1100, height: 700 });
    await expectBackAfterReload(page);
  });

  test("a certificate that has changed is refused with both fingerprints, unless the person takes any", async () => {
    const seen = await start();
    await seen.page.getByRole("button", { name: "End" }).click();
    await world.ended(seen.id);
    await rdp.showCertificate(await certificates.selfSigned());
    const changed = await world.open(onRdp());
    await title(changed.page, "The target's certificate has changed");
    const { end_reason, end_detail } = await world.ended(changed.id);
    expect(end_reason).toBe("certificate_untrusted");
    const [now = "", expected = ""] = end_detail?.match(/SHA256:[0-9A-F:]{95}/g) ?? [];
    expect(now).not.toBe(expected);
    await changed.page.getByText(now).waitFor();
    await changed.page.getByText(expected).waitFor();
    await untilLit((await world.run(onRdp({ ignore_cert: true }))).page);
  });

  test("a security that the server does not speak says so", async () => {
    const unspoken = await world.open(onRdp({ security: "nla" }));
    await unspoken.page.getByText("does not offer NLA").waitFor();
    expect(await world.ended(unspoken.id)).toMatchObject({ end_reason: "target_unreachable" });
  });
});
