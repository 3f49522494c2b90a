import { inspect } from "node:util";

/**
 * A value that must not be seen by accident: printing, logging, inspecting or serialising it gives `[secret]`.
 * `reveal()` is the only way out and belongs where the value leaves the process.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
