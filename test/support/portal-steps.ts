import type { Page } from "playwright-core";

// What a person does in the portal, and what they see then, for the tables of its states.

export const says = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();
export const seesHeading = (name: string) => (page: Page) =>
  page.getByRole("heading", { name, exact: true }).first().waitFor();
export const seesDialog = (page: Page) => page.getByRole("dialog").waitFor();
export const seesRows = (page: Page) => page.getByRole("grid").waitFor();

/** The page of a signed-in person is drawn and hears keys. */
export const hearsKeys = async (page: Page) => {
  await page.getByRole("button", { name: /account of/ }).waitFor();
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
};
export const presses =
  (key: string, then: (page: Page) => Promise<unknown>, first: (page: Page) => Promise<unknown> = hearsKeys) =>
  async (page: Page) => {
    await hearsKeys(page);
    await first(page);
    await page.keyboard.press(key);
    await then(page);
  };

export const form = (fill: (page: Page) => Promise<unknown> = () => Promise.resolve()) =>
  presses("n", async (page) => {
    await page.getByLabel("Host", { exact: true }).waitFor();
    await fill(page);
  });
export const protocol = (name: string) => (page: Page) =>
  page.locator(".protocol-card").filter({ hasText: name }).click();
export const clicks = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click();
/** Opens every section of the form, one after the other. */
export const openAll = async (page: Page) => {
  await clicks(page, "Add hop");
  for (;;) {
    const change = page.getByRole("button", { name: /^Change / });
    if ((await change.count()) === 0) return;
    await change.first().click();
  }
};
export const pastes = async (page: Page, line: string) => {
  const host = page.getByLabel("Host", { exact: true }).first();
  await host.fill(line);
  await host.blur();
};
