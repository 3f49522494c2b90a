import { expect, test } from "vitest";
import { nextPath } from "../../../src/web/portal/next-path.ts";

const origin = "https://gate.example";

test("sign-in leads on to a path of this origin", () => {
  expect(nextPath("?next=%2Fclient%2Fabc%3Fx%3D1", origin)).toBe("/client/abc?x=1");
});

test.each([
  "",
  "?next=",
  "?next=/",
  "?next=https://evil.example/client/1",
  "?next=//evil.example/client/1",
  "?next=/%5Cevil.example/client/1",
  "?next=/%09/evil.example",
  "?next=javascript:alert(1)",
  "?next=client/1",
])("sign-in does not follow %j", (search) => {
  expect(nextPath(search, origin)).toBeNull();
});
