import { SessionFailure } from "../core/session-end.ts";
import { type GuacdChannel, GuacdLost } from "./guacd-channel.ts";
import { GuacdProtocolError } from "./guacd-protocol-error.ts";
import { endOfGuacdError, plainTextOf } from "./status.ts";

interface DisplaySize {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

/** What a connection to guacd begins with. */
export interface HandshakeRequest {
  /** A protocol's name for a new session, or guacd's connection id (`$…`) to join one. */
  readonly select: string;
  /** Values by guacd's own argument names; absent ones keep guacd's default. */
  readonly args: Readonly<Record<string, string>>;
  /**
   * The same for what nobody asked for, told which names this guacd knows; of others it is passed over in silence. `args`
   * win.
   */
  readonly defaults?: ((known: ReadonlySet<string>) => Readonly<Record<string, string>>) | undefined;
  readonly display: DisplaySize;
  /** MIME types that the browser plays; none by default. */
  readonly audio?: readonly string[];
  /** MIME types that the browser draws. */
  readonly image: readonly string[];
  /** IANA name. */
  readonly timezone: string | null;
  /** Who is at the browser, as others in the session may see it. */
  readonly name: string | null;
}

export interface HandshakeLimits {
  readonly argsMs: number;
  readonly readyMs: number;
}

export interface Handshake {
  /** guacd's id of the session, which whoever reaches guacd can join with: never for a browser. */
  readonly connectionId: string;
  /** The protocol version agreed on, such as `VERSION_1_3_0`. */
  readonly version: string;
  readonly argNames: readonly string[];
  /** Names in `args` that this guacd does not know. */
  readonly ignored: readonly string[];
}

/**
 * Goes from `select` to `ready`. Rejects with `GuacdLost` when guacd falls silent or hangs up, with `SessionFailure` when it
 * refuses. `ready` proves only that guacd has started, not that the target answers.
 */
export const performHandshake = async (
  channel: GuacdChannel,
  request: HandshakeRequest,
  limits: HandshakeLimits,
  signal: AbortSignal,
): Promise<Handshake> => {
  checkRequest(request);
  const { offered, argNames } = await selectProtocol(channel, request.select, limits.argsMs, signal);
  const version = agreedVersion(offered);
  const { width, height, dpi } = request.display;
  channel.send(["size", String(width), String(height), String(dpi)]);
  channel.send(["audio", ...(request.audio ?? [])]);
  channel.send(["video"]);
  channel.send(["image", ...request.image]);
  if (request.timezone !== null) channel.send(["timezone", request.timezone]);
  if (request.name !== null) channel.send(["name", request.name]);
  const known = new Set(argNames);
  const values = new Map(Object.entries({ ...request.defaults?.(known), ...request.args }));
  channel.send(["connect", version, ...argNames.map((name) => values.get(name) ?? "")]);
  const [connectionId = ""] = await expectInstruction("ready", channel, limits.readyMs, signal);
  const ignored = Object.keys(request.args).filter((name) => !known.has(name));
  return { connectionId, version, argNames, ignored };
};

/** What guacd answers to `select`: its protocol version and the names of its arguments. */
export const selectProtocol = async (
  channel: GuacdChannel,
  select: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ offered: string; argNames: readonly string[] }> => {
  channel.send(["select", select]);
  const [offered = "", ...argNames] = await expectInstruction("args", channel, timeoutMs, signal);
  return { offered, argNames };
};

/** The older of both: a side that reads a version it does not know falls back to its oldest. */
export const agreedVersion = (offered: string): string => {
  const [, major, minor] = /^VERSION_(\d+)_(\d+)_\d+$/.exec(offered) ?? [];
  if (major === undefined) throw new GuacdProtocolError("guacd names no protocol version; it is older than 1.1");
  const isOlder = Number(major) < 1 || (Number(major) === 1 && Number(minor) < 5);
  return isOlder ? offered : newestVersion;
};

const newestVersion = "VERSION_1_5_0";

// guacd loads a library by the protocol's name, and divides by the size.
const checkRequest = ({ select, display }: HandshakeRequest): void => {
  if (!/^([a-z]+|\$[0-9a-f-]{36})$/.test(select))
    throw new RangeError("select: neither a protocol nor a connection id");
  for (const [name, value] of Object.entries(display)) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: must be a whole number from 1`);
  }
};

/** Arguments of the next instruction that is `opcode`; others than an end in between are not ours to know. */
const expectInstruction = async (
  opcode: "args" | "ready",
  channel: GuacdChannel,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string[]> => {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const [received, ...rest] = await channel.receive(Math.max(1, Math.ceil(deadlineMs - performance.now())), signal);
    if (received === opcode) return rest;
    if (received === "disconnect") throw new GuacdLost(`guacd ended the connection before ${opcode}`);
    if (received === "error") throw refused(rest[0] ?? "", Number(rest[1]));
  }
};

const refused = (text: string, status: number): SessionFailure => {
  const { reason, detail, ...passed } = endOfGuacdError(status, plainTextOf(text));
  return new SessionFailure(reason, detail ?? "guacd refused the session.", passed);
};
