/** Instructions that open a stream from guacd; their stream index is the first argument, or the second of `body`. */
export const streamOpeners = ["img", "audio", "video", "clipboard", "file", "pipe", "argv", "body"] as const;

/** The instructions from guacd that are looked into. All others are drawing and pass unread. */
export const downOpcodes = [
  ...streamOpeners,
  "filesystem",
  "blob",
  "end",
  "ack",
  "sync",
  "size",
  "error",
  "disconnect",
  "required",
  "msg",
] as const;
export type DownOpcode = (typeof downOpcodes)[number];

/** The opcode of the instruction at `start` when it is one to look into. Reads a few bytes and makes no string. */
export const downOpcodeAt = (data: Buffer, start: number): DownOpcode | null => {
  // Opcodes of one or two digits' length: `4.blob`, `10.filesystem`.
  let at = start + 2;
  let length = (data[start] ?? 0) - 0x30;
  if (data[start + 1] !== 0x2e) {
    length = length * 10 + (data[start + 1] ?? 0) - 0x30;
    at++;
  }
  if (length < 3 || length > longest) return null;
  const candidates = byLengthAndLetter[length * letters + (data[at] ?? 0) - letterA];
  if (candidates === undefined) return null;
  for (const { opcode, bytes } of candidates) {
    if (bytes.length !== length) continue;
    let i = 0;
    while (i < length && data[at + i] === bytes[i]) i++;
    if (i === length) return opcode;
  }
  return null;
};

const letterA = 0x61;
const letters = 26;
const longest = Math.max(...downOpcodes.map((opcode) => opcode.length));

const byLengthAndLetter = Array.from({ length: (longest + 1) * letters }, (_, slot) => {
  const candidates = downOpcodes
    .filter((opcode) => opcode.length * letters + opcode.charCodeAt(0) - letterA === slot)
    .map((opcode) => ({ opcode, bytes: Buffer.from(opcode) }));
  return candidates.length > 0 ? candidates : undefined;
});
