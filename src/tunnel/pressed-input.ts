import { encodeInstruction } from "../guacd/instruction.ts";

/** Remembers which keys, buttons and fingers a browser holds down, so that none stays down when the browser is gone. */
export class PressedInput {
  readonly #keys = new Set<string>();
  readonly #touches = new Map<string, readonly [x: string, y: string]>();
  #pointer: readonly [x: string, y: string] | undefined;

  /** Takes note of an instruction that was sent to guacd. */
  sent(elements: readonly string[]): void {
    const [opcode, first = "", second = "", third = ""] = elements;
    if (opcode === "key") {
      if (second === "0") this.#keys.delete(first);
      else this.#keys.add(first);
    } else if (opcode === "mouse") {
      this.#pointer = Number(third) === 0 ? undefined : [first, second];
    } else if (opcode === "touch") {
      // A finger that presses with no force is lifted (guacamole-common-js, Client.sendTouchState).
      if (Number(elements[7]) === 0) this.#touches.delete(first);
      else this.#touches.set(first, [second, third]);
    }
  }

  /** The instructions that let go of everything; afterwards nothing is held. */
  release(): string {
    const instructions = [
      ...[...this.#keys].map((keysym) => ["key", keysym, "0"]),
      ...(this.#pointer ? [["mouse", ...this.#pointer, "0"]] : []),
      ...[...this.#touches].map(([id, place]) => ["touch", id, ...place, "0", "0", "0", "0"]),
    ];
    this.#keys.clear();
    this.#touches.clear();
    this.#pointer = undefined;
    return instructions.map(encodeInstruction).join("");
  }
}
