import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import ssh2, { type Client } from "ssh2";
import type { Endpoint } from "../core/endpoint.ts";
import { AppError } from "../core/errors.ts";
import type { Secret } from "../core/secret.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { OnWayStep } from "../core/way-step.ts";
import { clientAlgorithms } from "./algorithms.ts";
import type { HostKeyCheck } from "./host-key.ts";
import { parsePrivateKey } from "./keys.ts";
import type { LoopTurns } from "./loop-turns.ts";
import { firstString } from "./openssh-format.ts";
import { readInTurns } from "./read-in-turns.ts";
import { type AnswerPrompts, createSignIn } from "./sign-in.ts";
import { SignInFailure } from "./sign-in-failure.ts";
import { greetingOf, type SshProgress, sshFailure, sshSilence } from "./ssh-failure.ts";
import { createTimer } from "./timer.ts";

/** A connection that is signed in. Whoever has it closes it. */
export interface SshClient {
  readonly connection: Client;
  readonly target: Endpoint;
  /** Resolves with a sentence when the connection is over, whoever ended it. */
  readonly closed: Promise<string>;
  /** A sentence when the server has been silent for longer than one that lives can be, else null. */
  silence(): string | null;
  close(): void;
}

export interface SshClientOptions {
  /** Connected already; belongs to the client from now on. */
  readonly stream: Duplex;
  readonly target: Endpoint;
  readonly credentials: {
    readonly username: string | null;
    readonly password: Secret<string> | null;
    readonly privateKey: Secret<string> | null;
    readonly passphrase: Secret<string> | null;
  };
  readonly hostKeyCheck: HostKeyCheck;
  /** `authMs` counts anew for each way of signing in, and not while a person is asked. */
  readonly timeouts: { readonly keyExchangeMs: number; readonly authMs: number };
  readonly signal: AbortSignal;
  readonly turns: LoopTurns;
  readonly answerPrompts?: AnswerPrompts;
  /** Hears of the host key and the sign-in. One that aborts the signal when the sign-in begins sees that none is sent. */
  readonly onStep?: OnWayStep | undefined;
}

/** A dead peer is noticed 15 s after its last answer: ssh2 gives up at the probe after `keepaliveCountMax` unanswered ones. */
const keepalive = { keepaliveInterval: 5_000, keepaliveCountMax: 2 };
/** A living peer answers every probe. */
const silentAfterMs = 1.5 * keepalive.keepaliveInterval;

/**
 * Signs in to an SSH server. Rejects with `SessionFailure` `target_unreachable`, `host_key_changed` or `auth_failed`, or
 * with the signal's reason; the stream is destroyed then.
 */
export const openSshClient = async (options: SshClientOptions): Promise<SshClient> => {
  const { stream, target, signal } = options;
  if (stream instanceof Socket) stream.setNoDelay(true);
  // A channel of a hop stays half open otherwise, and ssh2 sends no more probes then.
  stream.once("end", () => stream.end());
  const connection = new ssh2.Client();
  const hearing = watchHearing(stream);
  if (stream instanceof Socket) readInTurns(stream, options.turns);
  const closed = watchClose(connection, target, hearing);
  const close = () => closeGently(connection, stream);
  try {
    await signInTo(connection, options);
    signal.throwIfAborted();
    const silence = () => (hearing.silentMs() > silentAfterMs ? silenceOf(target, hearing) : null);
    return { connection, target, closed, silence, close };
  } catch (error) {
    stream.on("error", () => undefined).destroy();
    throw error;
  }
};

const silentStart: SshProgress = { stage: "key_exchange", greeting: "none" };

const signInTo = async (connection: Client, options: SshClientOptions): Promise<void> => {
  const { stream, target, hostKeyCheck, timeouts, signal, answerPrompts, onStep } = options;
  const { username, password } = options.credentials;
  if (username === null) {
    throw new SessionFailure("auth_failed", `No user name was given for ${target.host}.`, { fault: "no_credentials" });
  }
  const privateKey = await openKey(options.credentials);
  signal.throwIfAborted();
  // ssh2 would wait for a stream that ended while the key was being opened.
  if (stream.destroyed || stream.readableEnded) throw sshFailure(target, username, silentStart, new Error("closed"));

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const progress: { -readonly [Key in keyof SshProgress]: SshProgress[Key] } = { ...silentStart };
  let software: string | undefined;
  let keyType: string | undefined;
  let method: string | undefined;
  const timer = createTimer((limitMs) => reject(sshSilence(target, progress, limitMs)));
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const chooseMethod = createSignIn({
    host: target.host,
    username,
    password,
    privateKey,
    fail: reject,
    answerPrompts: answerPrompts && ((prompts) => timer.pausedWhile(() => answerPrompts(prompts))),
  });
  connection
    .on("error", (error) => reject(sshFailure(target, username, progress, error)))
    .on("close", () => reject(sshFailure(target, username, progress, new Error("closed"))))
    .once("handshake", () => {
      progress.stage = "sign_in";
    })
    .once("ready", resolve)
    .once("change password", () =>
      reject(
        new SessionFailure("auth_failed", `The password of ${username} on ${target.host} has expired.`, {
          fault: "password_expired",
        }),
      ),
    );
  timer.start(timeouts.keyExchangeMs);
  connection.connect({
    sock: stream,
    username,
    ident: "Sallyport",
    readyTimeout: 0,
    ...keepalive,
    algorithms: clientAlgorithms(hostKeyCheck.keyTypes),
    hostVerifier: (key: Buffer, verify: (isTrusted: boolean) => void) => {
      keyType = firstString(key);
      onStep?.({ begins: "host_key", found: { software } });
      hostKeyCheck.verify(key).then(
        () => verify(true),
        (error: unknown) => {
          reject(error);
          verify(false);
        },
      );
    },
    authHandler: (offered, partial, next) => {
      timer.start(timeouts.authMs);
      if (offered === null) onStep?.({ begins: "sign_in", found: { keyType } });
      if (signal.aborted) return;
      chooseMethod(offered, partial, (chosen) => {
        method = typeof chosen === "object" ? chosen.type : undefined;
        next(chosen);
      });
    },
  });
  stream.once("data", (chunk: Buffer) => {
    const text = chunk.toString("latin1");
    progress.greeting = greetingOf(text);
    software = /^SSH-[\d.]+-([\x21-\x7e]+)/m.exec(text)?.[1];
  });
  try {
    await promise;
    onStep?.({ begins: null, found: { method } });
  } finally {
    timer.stop();
    signal.removeEventListener("abort", onAbort);
  }
};

/** Keys are checked when a session is made; what may be missing is the passphrase. */
const openKey = async (credentials: SshClientOptions["credentials"]): Promise<Secret<string> | null> => {
  if (!credentials.privateKey) return null;
  try {
    return (await parsePrivateKey(credentials.privateKey, credentials.passphrase)).privateKey;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.field !== "passphrase")
      throw new SessionFailure("auth_failed", error.detail, { cause: error, fault: "key_unreadable" });
    const isRefusal = credentials.passphrase !== null;
    const fault = isRefusal ? "passphrase_wrong" : "passphrase_missing";
    throw new SignInFailure(error.detail, { names: ["passphrase"], isRefusal, fault, cause: error });
  }
};

interface Hearing {
  /** Since the last byte of the other side. */
  silentMs(): number;
}

const watchHearing = (stream: Duplex): Hearing => {
  let heardAtMs = performance.now();
  // Or this listener would make it flow before ssh2 listens.
  stream.pause();
  stream.on("data", () => {
    heardAtMs = performance.now();
  });
  return { silentMs: () => performance.now() - heardAtMs };
};

const silenceOf = ({ host }: Endpoint, hearing: Hearing): string =>
  `${host} stopped answering: silent for ${Math.round(hearing.silentMs() / 1000)} s.`;

const watchClose = (connection: Client, target: Endpoint, hearing: Hearing): Promise<string> => {
  const { host } = target;
  const { promise, resolve } = Promise.withResolvers<string>();
  connection.on("error", (error) =>
    resolve(error.message === "Keepalive timeout" ? silenceOf(target, hearing) : `The connection to ${host} was lost.`),
  );
  connection.on("close", () => resolve(`${host} closed the connection.`));
  return promise;
};

/** Says goodbye, but waits for nobody: a peer that does not read keeps the socket for half a second only. */
const closeGently = (connection: Client, stream: Duplex): void => {
  connection.end();
  const timer = setTimeout(() => stream.destroy(), 500).unref();
  stream.once("close", () => clearTimeout(timer));
};
