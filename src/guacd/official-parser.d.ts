/** Apache's own parser as guacamole-lite 1.2.0 bundles it; the package brings no types. */
declare module "guacamole-lite/lib/vendor/GuacamoleParser.js" {
  export default class GuacamoleParser {
    oninstruction: ((opcode: string, elements: string[]) => void) | null;
    /** Throws for bad grammar. Keeps what is not whole yet. */
    receive(text: string): void;
  }
}
