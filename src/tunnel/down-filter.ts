/**
 * What a target may push to the owner's browser. Clipboard passes when copying is allowed; files, pipes and file systems
 * are not served over the stream and are refused towards guacd, so that it frees its stream.
 */
export type DownVerdict = { readonly kind: "pass" } | { readonly kind: "drop"; readonly refuseStream?: string };

const pass: DownVerdict = { kind: "pass" };
const drop: DownVerdict = { kind: "drop" };

/** Follows guacd's streams from their opener to their end; indices are used again at once. */
export class DownFilter {
  readonly #dropped = new Set<string>();
  readonly #copyAllowed: boolean;

  constructor(options: { copyAllowed: boolean }) {
    this.#copyAllowed = options.copyAllowed;
  }

  /** Decides about one instruction of guacd's that is not drawing. */
  decide(opcode: string, stream: string): DownVerdict {
    switch (opcode) {
      case "clipboard":
        if (this.#copyAllowed) return this.#let(stream);
        this.#dropped.add(stream);
        return drop;
      case "file":
      case "pipe":
      case "body":
        this.#dropped.add(stream);
        return { kind: "drop", refuseStream: stream };
      case "filesystem":
      case "required":
        return drop;
      case "blob":
        return this.#dropped.has(stream) ? drop : pass;
      case "end":
        return this.#dropped.delete(stream) ? drop : pass;
      case "img":
      case "audio":
      case "video":
      case "argv":
        return this.#let(stream);
      default:
        return pass;
    }
  }

  #let(stream: string): DownVerdict {
    this.#dropped.delete(stream);
    return pass;
  }
}
