import { ArrayBufferReader, ArrayBufferWriter, type InputStream } from "@glokon/guacamole-common-js";
import type { Remote } from "./remote.ts";

/** The largest text that the session host takes. */
const longestBytes = 262_144;

export interface ClipboardState {
  /** `isCopied`: the browser let the page put it on this device's clipboard. */
  readonly fromTarget: { readonly text: string; readonly at: Date; readonly isCopied: boolean } | null;
  /** Why the last text did not go to the target. */
  readonly refusal: string | null;
}

export interface Clipboard {
  state(): ClipboardState;
  receive(stream: InputStream, mimetype: string): void;
  /** The gateway turned the last text away. */
  refused(): void;
  /** Sends a text to the target's clipboard. */
  send(text: string): void;
  /** Sends a text that the device's clipboard holds, if it is newer than what the target has. */
  offer(text: string): void;
  /** Offers what the device's clipboard holds, where the browser has allowed reading it without asking. */
  offerOwn(): Promise<void>;
  onchange: (() => void) | null;
}

/** Moves text between the target's clipboard and this device's, as far as browser and policy let it. */
export const createClipboard = (remote: Remote): Clipboard => {
  let state: ClipboardState = { fromTarget: null, refusal: null };
  let lastSent: string | null = null;
  let lastOffered: string | null = null;
  const change = (next: Partial<ClipboardState>) => {
    state = { ...state, ...next };
    clipboard.onchange?.();
  };
  const keep = async (text: string) => {
    const at = new Date();
    lastSent = text;
    const isCopied = await writeOwn(text);
    if (isCopied) lastOffered = text;
    change({ fromTarget: { text, at, isCopied } });
  };
  const send = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > longestBytes) {
      change({ refusal: "This text is longer than 256 KiB. Send it as a file instead." });
      return;
    }
    const stream = remote.openClipboard();
    if (stream === null) return;
    lastSent = text;
    const writer = new ArrayBufferWriter(stream);
    writer.sendData(bytes);
    writer.sendEnd();
    if (state.refusal !== null) change({ refusal: null });
  };
  const offer = (text: string) => {
    if (text === "" || text === lastOffered) return;
    lastOffered = text;
    if (text !== lastSent) send(text);
  };
  const clipboard: Clipboard = {
    onchange: null,
    state: () => state,
    receive: (stream, mimetype) => {
      const decoder = new TextDecoder();
      const reader = new ArrayBufferReader(stream);
      let text = "";
      reader.ondata = (data) => {
        text += decoder.decode(data, { stream: true });
      };
      reader.onend = () => {
        if (mimetype.startsWith("text/")) void keep(text + decoder.decode());
      };
    },
    refused: () => change({ refusal: "Pasting into this target is switched off." }),
    send,
    offer,
    offerOwn: async () => offer((await readOwn()) ?? ""),
  };
  return clipboard;
};

const writeOwn = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

/** Only with a permission given before: the page never raises the browser's question by itself. */
const readOwn = async (): Promise<string | null> => {
  // TypeScript's list of permissions lacks this one, and browsers without it throw.
  const permissions: { query(wanted: { name: string }): Promise<PermissionStatus> } = navigator.permissions;
  try {
    const permission = await permissions.query({ name: "clipboard-read" });
    return permission.state === "granted" ? await navigator.clipboard.readText() : null;
  } catch {
    return null;
  }
};
