import { z } from "zod";

// What the settings of several protocols are made of. Each field says in its own words what is wrong with a value.

export const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is kept out
const noControls = /^[^\x00-\x1f\x7f]*$/;

/** One line of text. */
export const line = (maxLength: number) =>
  z
    .string("must be text")
    .max(maxLength, `at most ${maxLength} characters`)
    .regex(noControls, "has control characters");

export const flag = (title: string, description: string) =>
  z.boolean("must be true or false").optional().meta({ title, description });

/** What every protocol can forbid; the gateway enforces it as well as guacd. */
export const clipboardFields = {
  disable_copy: flag("No copying", "Text cannot be copied out of the session"),
  disable_paste: flag("No pasting", "Text cannot be pasted into the session"),
};

/** What protocols that show a desktop have in common. */
export const desktopFields = {
  color_depth: z
    .literal([8, 16, 24, 32])
    .optional()
    .meta({ title: "Colour depth", description: "Bits for each pixel; the server's or guacd's choice when absent" }),
  force_lossless: flag("Lossless picture", "Never draws with lossy compression; needs more bandwidth"),
};

/** Settings as guacd names them: dashes for underscores, everything as text. Absent ones stay absent. */
export const guacdArgs = (settings: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.replaceAll("_", "-"), String(value)]],
    ),
  );
