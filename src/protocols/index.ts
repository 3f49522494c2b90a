import type { SessionProtocol } from "./protocol.ts";
import { ssh } from "./ssh/index.ts";

const all: readonly SessionProtocol[] = [ssh];

/** Every session protocol, by its id. */
export const protocols: ReadonlyMap<string, SessionProtocol> = new Map(all.map((protocol) => [protocol.id, protocol]));
