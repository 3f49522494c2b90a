import type { Hop } from "../core/hop.ts";
import type { EndReason } from "../core/session-end.ts";

export type SessionStatus = "pending" | "active" | "ended";

/** Whose session it is. */
export interface SessionOwner {
  readonly kind: "user" | "api_key";
  readonly id: string;
}

/** One authorised use of a target by its owner, as the database keeps it. */
export interface Session {
  readonly id: string;
  readonly protocol: string;
  readonly status: SessionStatus;
  readonly hostname: string | null;
  readonly port: number | null;
  readonly username: string | null;
  /** The way to the target, the first hop first; none for a target that is dialled directly. */
  readonly hops: readonly Hop[];
  /** The protocol's own settings, parsed, without secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The size given at creation, which wins over what the browser measures. */
  readonly width: number | null;
  readonly height: number | null;
  readonly dpi: number | null;
  readonly bannerText: string | null;
  readonly owner: SessionOwner;
  readonly createdBy: string;
  readonly nodeId: string;
  readonly warnings: readonly string[];
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly endReason: EndReason | null;
  readonly endDetail: string | null;
}

/** What a session starts its life with. */
export type NewSession = Omit<Session, "status" | "startedAtMs" | "endedAtMs" | "endReason" | "endDetail">;
