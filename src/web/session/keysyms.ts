/** The X11 keysyms that the page itself needs to know. */
export const keysyms = {
  backspace: 0xff08,
  tab: 0xff09,
  enter: 0xff0d,
  escape: 0xff1b,
  left: 0xff51,
  up: 0xff52,
  right: 0xff53,
  down: 0xff54,
  print: 0xff61,
  insert: 0xff63,
  delete: 0xffff,
  v: 0x76,
  /** F2 and those after it follow. */
  f1: 0xffbe,
  win: 0xffeb,
  shift: [0xffe1, 0xffe2],
  ctrl: [0xffe3, 0xffe4],
  /** Shift turns Alt into Meta on some keyboards, and AltGr does as Alt for a chord. */
  alt: [0xffe9, 0xffea, 0xffe7, 0xffe8, 0xfe03],
  meta: [0xffe7, 0xffe8, 0xffeb, 0xffec],
} as const;

/** The keysyms that type a text, one for each character; line ends and tabs are keys. */
export const keysymsOf = (text: string): number[] =>
  Array.from(text.replaceAll("\r\n", "\n"), (character) => {
    if (character === "\n" || character === "\r") return keysyms.enter;
    if (character === "\t") return keysyms.tab;
    const point = character.codePointAt(0) ?? 0;
    return point <= 0xff ? point : 0x01000000 | point;
  });
