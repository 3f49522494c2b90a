/**
 * Writes one Guacamole instruction. Lengths count Unicode code points. A lone surrogate has no UTF-8, so it becomes
 * U+FFFD before it is counted.
 */
export const encodeInstruction = (elements: readonly string[]): string => `${elements.map(encodeElement).join(",")};`;

const encodeElement = (element: string): string => {
  const text = element.toWellFormed();
  return `${codePointCount(text)}.${text}`;
};

/** Code points of a well-formed string: its units less one for each surrogate pair. */
export const codePointCount = (text: string): number => {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) count--;
  }
  return count;
};
