import { ArrayBufferWriter, Client, type InputStream } from "@glokon/guacamole-common-js";
import type { Notice } from "../../resources/sessions/schema.ts";
import type { TargetSize } from "./fit.ts";
import { GatewayTunnel } from "./tunnel.ts";

export interface ConnectionEvents {
  notice(notice: Notice): void;
  /** The socket is open, though nothing may have come yet. */
  socketOpened(): void;
  /** The gateway asks for these, by name or as a question; `answer` sends each of them. */
  asked(names: readonly string[]): void;
  /** The first whole picture is here. */
  pictured(): void;
  steadied(isSteady: boolean): void;
  roundTripped(ms: number): void;
  copied(stream: InputStream, mimetype: string): void;
  /** The gateway's policy turned a text for the target's clipboard away. */
  pasteRefused(): void;
  /** How many fingers at a time the target takes; 0 takes the offer back. */
  fingersOffered(count: number): void;
  /** The gateway's side is over, or the network is. Called once, and not after `end` or `drop`. */
  closed(how: Closed): void;
}

export interface Closed {
  /** The gateway's, when it told one. */
  readonly status: number | null;
  /** False when the upgrade failed. */
  readonly wasOpen: boolean;
  readonly lastHeardMs: number;
}

export interface Connection {
  readonly client: Client;
  answer(name: string, text: string): void;
  /** Finds out within two seconds whether the network is still there. */
  probe(): void;
  /** Ends the attachment, and the session with it when it is the owner's, as the person asked. */
  end(): void;
  /** Lets go without a word: the session goes on. */
  drop(): void;
}

interface ConnectionInput {
  readonly sessionId: string;
  readonly isWatching: boolean;
  readonly size: TargetSize;
  readonly audioTypes: readonly string[];
  readonly events: ConnectionEvents;
}

const noticeOpcode = "sp-notice";
const imageTypes = ["image/png", "image/jpeg", "image/webp"];
const statusForbidden = "771";
const tunnelStates = { open: 1, unstable: 3 };
/** The gateway closes right after it told the end; when it does not, the page does. */
const closeAfterEndMs = 2_000;

/** Opens the session's tunnel. The page sends `disconnect` only from `end()`: a reload must not end a session. */
export const openConnection = ({ sessionId, isWatching, size, audioTypes, events }: ConnectionInput): Connection => {
  const tunnel = new GatewayTunnel(`/ws/${sessionId}`);
  const client = new Client(tunnel);
  const draw = tunnel.oninstruction;
  const clipboardStreams = new Set<string>();
  let hasPicture = false;
  let hasEnd = false;
  const send = tunnel.sendMessage;
  tunnel.sendMessage = (opcode, ...elements) => {
    const stream = String(elements[0]);
    if (opcode === "clipboard") clipboardStreams.add(stream);
    if (opcode === "argv") clipboardStreams.delete(stream);
    send(opcode, ...elements);
  };
  tunnel.oninstruction = (opcode, args) => {
    if (opcode === noticeOpcode) {
      events.notice(JSON.parse(args[0] ?? "null"));
    } else if (opcode === "error" || opcode === "disconnect") {
      // The library would answer both with its own `disconnect` and close before the rest has been read.
      if (!hasEnd) setTimeout(() => tunnel.disconnect(), closeAfterEndMs);
      hasEnd = true;
    } else {
      // The library forgets a stream that it has ended before the answer to its opening comes.
      if (opcode === "ack" && args[2] === statusForbidden && clipboardStreams.has(args[0] ?? "")) events.pasteRefused();
      draw?.(opcode, args);
    }
  };
  tunnel.onsocket = () => events.socketOpened();
  tunnel.onroundtrip = (ms) => events.roundTripped(ms);
  tunnel.onstatechange = (state) => {
    if (state === tunnelStates.unstable || state === tunnelStates.open) events.steadied(state === tunnelStates.open);
  };
  tunnel.onclosed = (status, wasOpen) => events.closed({ status, wasOpen, lastHeardMs: tunnel.lastHeardMs });
  client.onsync = () => {
    const display = client.getDisplay();
    if (hasPicture) return;
    display.flush(() => {
      // Session hosts may send syncs while they still ask for a password, before there is a screen of any size.
      if (hasPicture || display.getWidth() === 0) return;
      hasPicture = true;
      events.pictured();
    });
  };
  client.onclipboard = (stream, mimetype) => events.copied(stream, mimetype);
  client.onrequired = (names) => events.asked(names);
  client.onmultitouch = (_layer, count) => events.fingersOffered(count);
  const silence = () => {
    tunnel.onclosed = null;
  };
  client.connect(connectData({ isWatching, size, audioTypes }));
  return {
    client,
    answer: (name, text) => {
      const writer = new ArrayBufferWriter(client.createArgumentValueStream("text/plain", name));
      if (text !== "") writer.sendData(new TextEncoder().encode(text));
      writer.sendEnd();
    },
    probe: () => tunnel.probe(),
    end: () => {
      silence();
      client.disconnect();
    },
    drop: () => {
      silence();
      tunnel.disconnect();
    },
  };
};

const connectData = ({ isWatching, size, audioTypes }: Pick<ConnectionInput, "isWatching" | "size" | "audioTypes">) => {
  const data = new URLSearchParams({
    ...(isWatching ? { mode: "view" } : {}),
    GUAC_WIDTH: String(size.width),
    GUAC_HEIGHT: String(size.height),
    GUAC_DPI: String(size.dpi),
    GUAC_TIMEZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  for (const type of imageTypes) data.append("GUAC_IMAGE", type);
  for (const type of audioTypes) data.append("GUAC_AUDIO", type);
  return data.toString();
};
