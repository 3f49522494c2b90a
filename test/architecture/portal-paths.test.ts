import { expect, test } from "vitest";
import { portalPaths } from "../../src/http/portal-paths.ts";
import { pages } from "../../src/web/portal/paths.ts";

test("the gateway answers with the portal where the portal has a page, and nowhere else", () => {
  expect([...portalPaths].toSorted()).toEqual(Object.keys(pages).toSorted());
});
