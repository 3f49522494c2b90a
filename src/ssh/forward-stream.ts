import type { Duplex } from "node:stream";
import type { Endpoint } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import { forwardsBack } from "./forwards-back.ts";
import type { SshClient } from "./ssh-client.ts";

export interface ForwardRequest {
  readonly client: SshClient;
  /** How sentences call the server that is asked: "hop 1, gw-1". */
  readonly via: string;
  readonly username: string;
  readonly target: Endpoint;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** A server that does not forward to the target is asked whether it forwards at all, so that the failure can say why. */
  readonly explainsRefusals?: boolean | undefined;
}

/** Why a server opens no channel (RFC 4254 §5.1). */
const prohibited = 1;
const connectFailed = 2;
const unknownChannelType = 3;
const resourceShortage = 4;

/**
 * Asks a server for a connection to a target (`direct-tcpip`, RFC 4254 §7.2). Rejects with `SessionFailure`: `hop_failed`
 * when the server does not do it, `target_unreachable` when it cannot.
 */
export const forwardStream = async (request: ForwardRequest): Promise<Duplex> => {
  const { client, via, target, limitMs, signal } = request;
  const { host, port } = target;
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  let isOver = false;
  const silence = `${host} does not answer on port ${port}, as seen from ${via}: silent for ${limitMs / 1000} s.`;
  const timer = setTimeout(
    () => reject(new SessionFailure("target_unreachable", silence, { fault: "target_silent" })),
    limitMs,
  );
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    client.connection.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error) {
        clearTimeout(timer);
        return void explain(failureOf(error, request), request).then(reject);
      }
      channel.on("error", () => undefined);
      // It came too late for whoever waited.
      if (isOver) return void channel.destroy();
      resolve(channel);
    });
  } catch (error) {
    reject(lost(client, error));
  }
  return promise.finally(() => {
    isOver = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  });
};

/** sshd refuses in the same words whether it forwards nothing or only not to this place. */
const explain = async (failure: SessionFailure, request: ForwardRequest): Promise<SessionFailure> => {
  const { client, username, target, limitMs, signal, explainsRefusals } = request;
  if (!explainsRefusals || !isProhibition(failure.cause)) return failure;
  const gateway = client.target.host;
  const place = `${target.host} on port ${target.port}`;
  const fail = (fault: Fault, sentence: string) =>
    new SessionFailure("hop_failed", sentence, { cause: failure.cause, fault });
  if (await forwardsBack(client, limitMs, signal)) {
    return fail("destination_not_permitted", `${gateway} forwards for ${username}, but not to ${place}.`);
  }
  return fail(
    "forwarding_refused",
    `${gateway} forwards for ${username} neither to ${place} nor back: most likely forwarding is off there ` +
      "(AllowTcpForwarding). Where it is local, PermitOpen leaves this place out.",
  );
};

const isProhibition = (error: unknown): boolean =>
  error instanceof Error && "reason" in error && error.reason === prohibited;

const failureOf = (error: Error, { client, via, username, target: { host, port } }: ForwardRequest): SessionFailure => {
  const fail = (reason: "hop_failed" | "target_unreachable", fault: Fault, sentence: string) =>
    new SessionFailure(reason, sentence, { cause: error, fault });
  const reason = "reason" in error ? error.reason : undefined;
  const gateway = client.target.host;
  if (isProhibition(error)) {
    const refusal = `${gateway} does not let ${username} pass on connections to ${host} on port ${port}.`;
    return fail(
      "hop_failed",
      "forwarding_refused",
      `${refusal} Its sshd decides that by AllowTcpForwarding and PermitOpen.`,
    );
  }
  if (reason === connectFailed) {
    const [fault, sentence] = whyUnreachable(error.message, host, port, via);
    return fail("target_unreachable", fault, sentence);
  }
  // The channel was not answered before the connection was over.
  if (reason === undefined) return lost(client, error);
  return fail("hop_failed", "forwarding_refused", `${gateway} opens no connection to ${host}${whyNot(reason)}.`);
};

const whyNot = (reason: unknown): string => {
  if (reason === unknownChannelType) return ": it does not know how to forward";
  return reason === resourceShortage ? ": it has no room for one more" : "";
};

const lost = ({ target }: SshClient, cause: unknown): SessionFailure =>
  new SessionFailure("hop_failed", `The connection to ${target.host} was lost.`, { cause, fault: "hop_lost" });

/** OpenSSH tells the error of its own system in words; others may say anything. */
const whyUnreachable = (words: string, host: string, port: number, via: string): [Fault, string] => {
  if (/refused/i.test(words))
    return [
      "target_refused",
      `${host} refuses connections on port ${port}, as seen from ${via}: nothing listens there.`,
    ];
  if (/name or service|name resolution|no address|not known|resolve/i.test(words))
    return ["target_name_unknown", `The name ${host} is not known to ${via}.`];
  if (/timed out|timeout/i.test(words))
    return ["target_silent", `${host} does not answer on port ${port}, as seen from ${via}.`];
  if (/route|unreachable/i.test(words))
    return [
      "target_unreachable",
      `${host} cannot be reached from ${via}: it is off, or there is no way to its network.`,
    ];
  return ["target_unreachable", `${host} cannot be reached on port ${port} from ${via}.`];
};
