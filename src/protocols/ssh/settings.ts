import { z } from "zod";
import { parseHostKeyLine } from "../../core/host-key-line.ts";
import { clipboardFields, line, wholeNumber } from "../fields.ts";

const presets = ["gray-black", "black-white", "green-black", "white-black"];

/** guacd's own notation: a preset, or `name: colour` pairs, colours as `rgb:RR/GG/BB`, X11 names or `color0`–`color255`. */
const isColorScheme = (text: string): boolean =>
  presets.includes(text) ||
  text
    .split(";")
    .filter((part) => part.trim() !== "")
    .every((part) => /^\s*(foreground|background|color\d{1,3})\s*:\s*[A-Za-z0-9 :/#]+$/.test(part));

const isTimeZone = (text: string): boolean => {
  try {
    return /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text) && new Intl.DateTimeFormat("en", { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
};

/** What an SSH session can be told besides where and who; all optional. The same names as guacd's, with underscores. */
export const sshSettings = z.strictObject({
  command: line(4096).optional().meta({ title: "Command", description: "Runs instead of a login shell" }),
  host_key: z
    .string("must be text")
    .max(4096, "at most 4096 characters")
    .refine((text) => parseHostKeyLine(text) !== undefined, "not a public host key such as ssh-ed25519 AAAA…")
    .optional()
    .meta({
      title: "Host key",
      description: "The only key accepted from the server; without it the first one seen counts",
    }),
  color_scheme: line(4096)
    .refine(isColorScheme, `${presets.join(", ")}, or foreground: rgb:RR/GG/BB; background: …`)
    .optional()
    .meta({ title: "Colours", description: "gray-black when absent", examples: presets }),
  font_name: line(128)
    .optional()
    .meta({ title: "Font", description: "A font of the session host; monospace when absent" }),
  font_size: wholeNumber(4, 96).optional().meta({ title: "Font size", description: "In points; 12 when absent" }),
  scrollback: wholeNumber(1, 20_000)
    .optional()
    .meta({ title: "Scrollback", description: "Rows kept above the screen; 1000 when absent" }),
  terminal_type: z
    .string("must be text")
    .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/, "a name such as xterm-256color")
    .default("xterm-256color")
    .meta({ title: "Terminal type", description: "The value of TERM" }),
  backspace: wholeNumber(1, 127).optional().meta({
    title: "Backspace key",
    description: "The character it sends: 127 (delete, when absent) or 8 (backspace)",
  }),
  locale: z
    .string("must be text")
    .regex(/^[A-Za-z0-9_.@-]{1,64}$/, "a locale such as en_US.UTF-8")
    .optional()
    .meta({ title: "Locale", description: "The value of LANG, if the server accepts it" }),
  timezone: z
    .string("must be text")
    .max(64, "at most 64 characters")
    .refine(isTimeZone, "a time zone such as Europe/Berlin")
    .optional()
    .meta({ title: "Time zone", description: "The value of TZ, if the server accepts it; the browser's when absent" }),
  ...clipboardFields,
});
