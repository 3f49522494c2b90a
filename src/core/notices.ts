import type { EndReason } from "./session-end.ts";

/**
 * What the gateway tells the session page, as JSON in `9.sp-notice,<n>.<json>;`. Standard Guacamole clients ignore the
 * opcode. The closed list of kinds stands here; the tunnel sends them, the page reads this type.
 */
export type Notice =
  /** `hop` is there for the step of that name, and counts from 1. */
  | { kind: "step"; step: ConnectStep; hop?: number; state: "running" | "done"; ms?: number; limit_seconds?: number }
  /** The answers to a question were refused; the next `required` asks again. */
  | { kind: "prompt_refused"; tries_left: number; detail: string }
  /** The session ends by itself in `seconds` unless something changes; null takes the warning back. */
  | { kind: "expires"; limit: "idle" | "max_duration"; seconds: number | null }
  /** Someone else began or ceased to look on; `count` is how many do now. For the owner only. */
  | { kind: "watching"; name: string; mode: "view"; joined: boolean; count: number }
  /** Another window of the owner has the session now; this attachment closes. */
  | { kind: "taken_over" }
  /** Something that the person asked for has no effect, in a sentence. */
  | { kind: "warning"; text: string }
  | { kind: "ended"; end_reason: EndReason; end_detail: string | null };

export const noticeOpcode = "sp-notice";

/** The stations of connecting, in their order; the page draws all of them and marks how far it is. */
export const connectSteps = ["policy", "hop", "target", "host", "picture"] as const;
/** policy: allow-list and name; hop: reach one and sign in, once for each; target: reach it and sign in; host: guacd; picture: the first frame. */
export type ConnectStep = (typeof connectSteps)[number];
