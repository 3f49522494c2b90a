/**
 * What a browser may send, by opcode and by how it is attached. `arity` is the least number of arguments: guacd reads stale
 * pointers when there are fewer (1.3.0 to 1.6.1 check none). Opcodes that are not here are dropped.
 */
export interface UpRule {
  readonly arity: number;
  /** Of the one whose session it is. */
  readonly owner: UpVerb;
  /** Of someone who looks on. */
  readonly view: "forward" | "drop" | "end";
  /** Arguments that must be whole numbers; a drop otherwise. */
  readonly numbers?: readonly number[];
  /** Which argument is the stream's index. */
  readonly stream?: number;
}

/**
 * forward: to guacd as it is · input: the same, and it counts as the person's activity · size: to the owner leg ·
 * clipboard: when pasting is allowed · answer: when it answers an open question · stream: when it belongs to a stream that
 * was let through · end: ends the session, or a watcher's attachment · refuse: answered with an `ack` of status 771 where
 * one exists, else dropped.
 */
type UpVerb = "forward" | "input" | "size" | "clipboard" | "answer" | "stream" | "end" | "refuse";

export const upOpcodes: Readonly<Record<string, UpRule>> = {
  sync: { arity: 1, owner: "forward", view: "forward", numbers: [0] },
  ack: { arity: 3, owner: "forward", view: "forward", numbers: [0, 2] },
  nop: { arity: 0, owner: "forward", view: "forward" },
  key: { arity: 2, owner: "input", view: "drop", numbers: [0, 1] },
  mouse: { arity: 3, owner: "input", view: "drop", numbers: [0, 1, 2] },
  touch: { arity: 7, owner: "input", view: "drop", numbers: [0, 1, 2, 3, 4] },
  size: { arity: 2, owner: "size", view: "drop", numbers: [0, 1] },
  clipboard: { arity: 2, owner: "clipboard", view: "drop", numbers: [0], stream: 0 },
  argv: { arity: 3, owner: "answer", view: "drop", numbers: [0], stream: 0 },
  blob: { arity: 2, owner: "stream", view: "drop", numbers: [0], stream: 0 },
  end: { arity: 1, owner: "stream", view: "drop", numbers: [0], stream: 0 },
  disconnect: { arity: 0, owner: "end", view: "end" },
  file: { arity: 3, owner: "refuse", view: "drop", numbers: [0], stream: 0 },
  pipe: { arity: 3, owner: "refuse", view: "drop", numbers: [0], stream: 0 },
  audio: { arity: 2, owner: "refuse", view: "drop", numbers: [0], stream: 0 },
  put: { arity: 4, owner: "refuse", view: "drop", numbers: [0, 1], stream: 1 },
  get: { arity: 2, owner: "refuse", view: "drop", numbers: [0] },
};
