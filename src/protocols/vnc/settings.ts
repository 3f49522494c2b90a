import { z } from "zod";
import { clipboardFields, desktopFields, flag, line } from "../fields.ts";

/** What libvncclient (0.9.14) knows by name; it passes over any other without a word. */
const knownEncodings = [
  ...["zrle", "ultra", "copyrect", "hextile", "zlib", "corre", "rre", "raw"],
  ...["tight", "trle", "zywrle", "zlibhex", "ultrazip"],
];

/** What a VNC session can be told besides where and who; all optional. The same names as guacd's, with underscores. */
export const vncSettings = z.strictObject({
  ...desktopFields,
  ...clipboardFields,
  cursor: z
    .enum(["local", "remote"])
    .optional()
    .meta({ title: "Pointer", description: "Drawn by the browser (local, when absent) or in the picture (remote)" }),
  swap_red_blue: flag("Swap red and blue", "For servers that send them in the wrong order"),
  disable_display_resize: flag(
    "Keep the desktop's size",
    "The desktop does not follow the size of the browser's window",
  ),
  encodings: line(256)
    // Names are split at single spaces: two in a row would read as an empty name, which stands for raw.
    .refine((text) => text.split(" ").every((name) => knownEncodings.includes(name)), {
      message: `names with one space between them, out of ${knownEncodings.join(", ")}`,
    })
    .optional()
    .meta({
      title: "Encodings",
      description: "How the server may pack the picture, the preferred first",
      examples: ["zrle copyrect raw"],
    }),
});
