import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { Principal } from "../core/principal.ts";
import type { Quota } from "./quota.ts";

/** Set on a request that asks for an upgrade; a handler that grants it says what to do with the open socket. */
export interface UpgradeSlot {
  accept?: (socket: WebSocket) => void;
}

/** What travels with every request through Hono. */
export interface Environment {
  Bindings: {
    readonly incoming: IncomingMessage;
    readonly upgrade?: UpgradeSlot;
    /** To be called when it is known who calls by this connection. */
    readonly onKnown: () => void;
  };
  Variables: {
    requestId: string;
    /** The caller's address as far as the trusted proxies vouch for it. */
    address: string;
    /** Set once the caller is known. */
    principal?: Principal;
    /** Set on calls that are counted. */
    quota?: Quota;
    /** For inline scripts and styles of this answer. */
    nonce: string;
  };
}
