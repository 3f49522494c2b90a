import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { loginCookie } from "../../../src/http/cookie.ts";

const read = (header: string, secure = false) =>
  loginCookie(secure)
    .read(new Headers({ cookie: header }))
    ?.reveal();

describe("reading", () => {
  test.each([
    ["sallyport=abc", "abc"],
    ["a=1; sallyport=abc; b=2", "abc"],
    ["sallyport = abc", "abc"],
    ['sallyport="abc"', "abc"],
    ["sallyport=", undefined],
    ["", undefined],
    ["sallyport", undefined],
    ["xsallyport=abc", undefined],
    ["sallyportx=abc", undefined],
    ["SALLYPORT=abc", undefined],
    ["__Host-sallyport=abc", undefined],
    ["a=sallyport=abc", undefined],
  ])("%j gives %j", (header, value) => expect(read(header)).toBe(value));

  test("on https only the prefixed name counts, which no sister host or plain page can set", () => {
    expect(read("sallyport=planted; __Host-sallyport=mine", true)).toBe("mine");
    expect(read("sallyport=planted", true)).toBeUndefined();
  });
});

test("clearing has the attributes of writing, so that it hits the same cookie", () => {
  for (const secure of [true, false]) {
    const cookie = loginCookie(secure);
    const attributes = (text: string) => text.split("; ").filter((part) => !/^(Max-Age|[^;]*sallyport)=/.test(part));
    expect(attributes(cookie.clear())).toEqual(attributes(cookie.write(new Secret("x"), 60)));
    expect(cookie.clear()).toContain("Max-Age=0");
  }
});
