import { encodeInstruction } from "./instruction.ts";
import { endAsGuacdCounts } from "./instruction-bounds.ts";

/**
 * A whole instruction from guacd with text that is not UTF-8, written anew with U+FFFD for what cannot be read: a browser
 * closes a WebSocket that brings such bytes.
 */
export const repairInstruction = (bytes: Buffer): Buffer => {
  const elements: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const dot = bytes.indexOf(".", at);
    const end = endAsGuacdCounts(bytes, dot + 1, Number(bytes.toString("latin1", at, dot)));
    elements.push(bytes.toString("utf8", dot + 1, end));
    at = end + 1;
  }
  return Buffer.from(encodeInstruction(elements));
};
