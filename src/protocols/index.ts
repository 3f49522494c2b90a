import type { SessionProtocol } from "./protocol.ts";
import { rdp } from "./rdp/index.ts";
import { ssh } from "./ssh/index.ts";
import { vnc } from "./vnc/index.ts";

const all: readonly SessionProtocol[] = [ssh, rdp, vnc];

/** Every session protocol, by its id. */
export const protocols: ReadonlyMap<string, SessionProtocol> = new Map(all.map((protocol) => [protocol.id, protocol]));
