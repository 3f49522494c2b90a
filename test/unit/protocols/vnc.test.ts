import { expect, test, vi } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { protocols } from "../../../src/protocols/index.ts";
import { vnc } from "../../../src/protocols/vnc/index.ts";
import { fieldsRefused } from "../../support/fields-refused.ts";
import { prepareWith } from "../../support/prepare.ts";

const door = { host: "127.0.0.1", port: 40_000 };

test("the list of protocols has it, on the port that VNC servers have", () => {
  expect(protocols.get("vnc")).toBe(vnc);
  expect(vnc.defaultPort).toBe(5900);
});

test("without settings guacd learns only where to go", () => {
  expect(vnc.plan(door, {})).toEqual({ protocol: "vnc", args: { hostname: "127.0.0.1", port: "40000" } });
});

test("every setting reaches guacd under its own name, with the sign-in of the endpoint", () => {
  const settings = {
    color_depth: 24,
    cursor: "remote",
    swap_red_blue: true,
    force_lossless: true,
    disable_display_resize: true,
    encodings: "zrle copyrect raw",
    disable_copy: true,
    disable_paste: true,
  };
  expect(Object.keys(settings).toSorted()).toEqual(Object.keys(vnc.settingsSchema.properties ?? {}).toSorted());
  expect(vnc.plan({ ...door, username: "ann", password: new Secret("right") }, settings).args).toEqual({
    hostname: "127.0.0.1",
    port: "40000",
    username: "ann",
    password: "right",
    "color-depth": "24",
    cursor: "remote",
    "swap-red-blue": "true",
    "force-lossless": "true",
    "disable-display-resize": "true",
    encodings: "zrle copyrect raw",
    "disable-copy": "true",
    "disable-paste": "true",
  });
});

test.each([
  ["color_depth", 15],
  ["color_depth", "24"],
  ["cursor", "none"],
  ["swap_red_blue", "true"],
  ["force_lossless", 1],
  ["disable_display_resize", "yes"],
  ["encodings", "zrle,raw"],
  ["encodings", "zrle  raw"],
  ["encodings", "h264"],
  ["encodings", 7],
  ["disable_copy", "true"],
  ["font_size", 12],
  ["dest_host", "10.0.0.2"],
  ["reverse_connect", true],
])("%s %j is refused by its name", (name, value) => {
  expect(fieldsRefused(vnc, { [name]: value })).toEqual([name]);
});

test("the form's schema gives each setting a title", () => {
  for (const schema of Object.values(vnc.settingsSchema.properties ?? {})) expect(schema).toHaveProperty("title");
});

test("preparing opens a forward that watches RFB, and keeps what the forward can tell", async () => {
  const cause = () => null;
  const openForward = vi.fn(async () => ({ ...door, cause }));
  const session = prepareWith({ username: "ann", secrets: { password: "right" }, openForward });
  expect(await vnc.prepare?.(session)).toEqual({ ...door, cause, username: "ann", password: new Secret("right") });
  expect(openForward).toHaveBeenCalledWith({ target: session.target, speaks: "rfb" });
});
