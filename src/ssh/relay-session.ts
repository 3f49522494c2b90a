import type { ClientChannel, Connection, PseudoTtyInfo, ServerChannel, Session } from "ssh2";
import { joinHalves } from "./join-halves.ts";
import type { LoopTurns } from "./loop-turns.ts";
import { openChannel } from "./open-channel.ts";
import { pourInTurns } from "./pour-in-turns.ts";
import { isSignalName } from "./signals.ts";
import type { SshClient } from "./ssh-client.ts";

/** How a relay ended. */
export type RelayEnd =
  /** The shell or command ended; a server may leave out how. A signal is `SIGKILL` or its like, or `another`. */
  | { readonly kind: "exit"; readonly code: number | null; readonly signal: string | null }
  /** The target's connection broke or gave no shell; `cause` is a sentence. */
  | { readonly kind: "lost"; readonly cause: string }
  /** guacd hung up, or the relay was closed from here. */
  | { readonly kind: "left" }
  /** guacd did not come in time. */
  | { readonly kind: "unused" };

export interface RelaySessionOptions {
  /** guacd's side, signed in. */
  readonly guacd: Connection;
  readonly client: SshClient;
  /** Runs instead of a login shell. */
  readonly command: string | null;
  /** Wins over what guacd asks for. */
  readonly environment: Readonly<Record<string, string>>;
  readonly channelTimeoutMs: number;
  readonly turns: LoopTurns;
  /** Called once, before guacd is told. */
  readonly onEnd: (end: RelayEnd) => void;
}

/** guacd sets LANG and TZ; nothing else of the host that guacd runs on is the target's business. */
const passedOn = /^(LANG|LC_[A-Z]+|TZ)$/;

/** Gives guacd one terminal on the target: its size, modes and environment as guacd asks for them, data both ways. */
export const relaySession = (options: RelaySessionOptions): void => {
  const { guacd, client, onEnd } = options;
  let hasSession = false;
  let isOver = false;
  let guacdChannel: ServerChannel | undefined;

  const end = (how: RelayEnd) => {
    if (isOver) return;
    isOver = true;
    onEnd(how);
    client.close();
    if (guacdChannel && how.kind === "exit") tellExit(guacd, guacdChannel, how);
    else guacd.end();
  };
  guacd.on("close", () => end({ kind: "left" }));
  // Before the channels hear of it, so that a broken connection is not taken for a shell that ended.
  client.connection.on("close", () => void client.closed.then((cause) => end({ kind: "lost", cause })));

  guacd.on("session", (accept, reject) => {
    if (hasSession) return reject();
    hasSession = true;
    serveTerminal(
      accept(),
      options,
      (channel) => {
        guacdChannel = channel;
      },
      end,
    );
  });
};

const serveTerminal = (
  session: Session,
  options: RelaySessionOptions,
  onChannel: (channel: ServerChannel) => void,
  end: (how: RelayEnd) => void,
): void => {
  const asked: Record<string, string> = {};
  let terminal: PseudoTtyInfo | undefined;
  let target: ClientChannel | undefined;
  let isOpening = false;

  session.on("pty", (accept, _reject, info) => {
    terminal = info;
    accept?.();
  });
  session.on("env", (accept, reject, { key, val }) => {
    if (!passedOn.test(key)) return reject?.();
    asked[key] = val;
    accept?.();
  });
  session.on("window-change", (accept, _reject, size) => {
    if (terminal) terminal = { ...terminal, ...size };
    target?.setWindow(size.rows, size.cols, size.height, size.width);
    accept?.();
  });
  session.on("signal", (accept, reject, { name }) => {
    if (!target || !isSignalName(name)) return reject?.();
    target.signal(name);
    accept?.();
  });
  session.on("shell", (accept, reject) => {
    if (isOpening) return reject();
    isOpening = true;
    const opened = terminal;
    openTerminal(options, { ...asked, ...options.environment }, terminal).then(
      (channel) => {
        target = channel;
        // The size may have changed while the target was opening its shell.
        if (terminal && terminal !== opened)
          channel.setWindow(terminal.rows, terminal.cols, terminal.height, terminal.width);
        // None when guacd has closed its channel meanwhile.
        const guacdChannel: ServerChannel | undefined = accept();
        if (!guacdChannel) return end({ kind: "left" });
        onChannel(guacdChannel);
        join(guacdChannel, channel, options, end);
      },
      (error: Error) => {
        reject();
        end({ kind: "lost", cause: error.message });
      },
    );
  });
};

const openTerminal = (
  { client, command, channelTimeoutMs }: RelaySessionOptions,
  env: Record<string, string>,
  terminal: PseudoTtyInfo | undefined,
): Promise<ClientChannel> =>
  openChannel(client, { what: "a terminal", limitMs: channelTimeoutMs }, (connection, onOpen) => {
    if (command === null) connection.shell(terminal ?? false, { env }, onOpen);
    else connection.exec(command, { env, ...(terminal ? { pty: terminal } : {}) }, onOpen);
  });

const join = (
  guacd: ServerChannel,
  target: ClientChannel,
  { client, turns }: RelaySessionOptions,
  end: (how: RelayEnd) => void,
): void => {
  let isConnected = true;
  client.connection.once("close", () => {
    isConnected = false;
  });
  // Not of "exit": that of a command which ends at once comes before anybody can listen.
  target.on("close", (code?: number | null, signal?: string) => {
    if (code !== undefined || isConnected) end({ kind: "exit", code: code ?? null, signal: signalOf(signal) });
  });
  guacd.pipe(joinHalves()).pipe(target);
  pourInTurns(target, guacd, turns);
  pourInTurns(target.stderr, guacd, turns);
};

const signalOf = (name: string | undefined): string | null =>
  name === undefined || isSignalName(name.replace(/^SIG/, "")) ? (name ?? null) : "another";

/** Lets guacd read what is left, for a second; then its socket is cut. */
const tellExit = (guacd: Connection, channel: ServerChannel, exit: RelayEnd & { kind: "exit" }): void => {
  if (exit.signal === null) channel.exit(exit.code ?? 0);
  else if (exit.signal === "another") channel.exit(255);
  else channel.exit(exit.signal.replace(/^SIG/, ""));
  channel.end();
  const timer = setTimeout(() => guacd.end(), 1_000);
  channel.once("close", () => {
    clearTimeout(timer);
    guacd.end();
  });
};
