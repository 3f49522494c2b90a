import { Client, type InputStream } from "@glokon/guacamole-common-js";
import type { Notice } from "../../resources/sessions/schema.ts";
import type { TargetSize } from "./fit.ts";
import { GatewayTunnel } from "./tunnel.ts";

export interface ConnectionEvents {
  notice(notice: Notice): void;
  /** The socket is open, though nothing may have come yet. */
  socketOpened(): void;
  /** The first whole picture is here. */
  pictured(): void;
  steadied(isSteady: boolean): void;
  roundTripped(ms: number): void;
  copied(stream: InputStream, mimetype: string): void;
  /** The gateway's policy turned a text for the target's clipboard away. */
  pasteRefused(): void;
  /** The gateway's side is over, or the network is. Called once. `sentence` is the gateway's, when it gave one. */
  closed(end: { sentence: string | null; wasOpen: boolean }): void;
}

export interface Connection {
  readonly client: Client;
  /** Ends the session for good, as the person asked. */
  end(): void;
}

const noticeOpcode = "sp-notice";
const imageTypes = ["image/png", "image/jpeg", "image/webp"];
const statusForbidden = "771";
const tunnelStates = { open: 1, unstable: 3 };
/** The gateway closes right after it told the end; when it does not, the page does. */
const closeAfterEndMs = 2_000;

/** Opens the session's tunnel. The page sends `disconnect` only from `end()`: a reload must not end a session. */
export const openConnection = (sessionId: string, size: TargetSize, events: ConnectionEvents): Connection => {
  const tunnel = new GatewayTunnel(`/ws/${sessionId}`);
  const client = new Client(tunnel);
  const draw = tunnel.oninstruction;
  let sentence: string | null = null;
  let hasPicture = false;
  tunnel.oninstruction = (opcode, args) => {
    if (opcode === noticeOpcode) {
      events.notice(JSON.parse(args[0] ?? "null"));
    } else if (opcode === "error" || opcode === "disconnect") {
      // The library would answer both with its own `disconnect` and close before the rest has been read.
      if (opcode === "error") sentence = args[0] || null;
      setTimeout(() => tunnel.disconnect(), closeAfterEndMs);
    } else {
      // The page opens no streams but the clipboard's, and the library forgets them before their answer comes.
      if (opcode === "ack" && args[2] === statusForbidden) events.pasteRefused();
      draw?.(opcode, args);
    }
  };
  tunnel.onsocket = () => events.socketOpened();
  tunnel.onroundtrip = (ms) => events.roundTripped(ms);
  tunnel.onstatechange = (state) => {
    if (state === tunnelStates.unstable || state === tunnelStates.open) events.steadied(state === tunnelStates.open);
  };
  tunnel.onclosed = (_status, wasOpen) => events.closed({ sentence, wasOpen });
  client.onsync = () => {
    if (hasPicture) return;
    hasPicture = true;
    client.getDisplay().flush(() => events.pictured());
  };
  client.onclipboard = (stream, mimetype) => events.copied(stream, mimetype);
  client.connect(connectData(size));
  return { client, end: () => client.disconnect() };
};

const connectData = ({ width, height, dpi }: TargetSize): string => {
  const data = new URLSearchParams({
    GUAC_WIDTH: String(width),
    GUAC_HEIGHT: String(height),
    GUAC_DPI: String(dpi),
    GUAC_TIMEZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  for (const type of imageTypes) data.append("GUAC_IMAGE", type);
  return data.toString();
};
