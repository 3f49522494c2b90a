import GuacamoleParser from "guacamole-lite/lib/vendor/GuacamoleParser.js";

/** Reads a stream with Apache's own parser: the oracle that ours are compared with. */
export const officialParse = (stream: string): string[][] => {
  const instructions: string[][] = [];
  const parser = new GuacamoleParser();
  parser.oninstruction = (opcode, elements) => instructions.push([opcode, ...elements]);
  parser.receive(stream);
  return instructions;
};
