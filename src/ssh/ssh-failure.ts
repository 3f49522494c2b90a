import type { Endpoint } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import { refused } from "./sign-in.ts";

/** How far a connection came before it failed. */
export interface SshProgress {
  readonly stage: "key_exchange" | "sign_in";
  /** The first bytes the other side sent, if any; `busy` when they say that it takes no more connections now. */
  readonly greeting: "none" | "ssh" | "busy" | "other";
}

/** What a server's first bytes are. sshd has words of its own for `MaxStartups` and for addresses that it keeps out for a while. */
export const greetingOf = (text: string): SshProgress["greeting"] => {
  if (/^SSH-|\nSSH-/.test(text)) return "ssh";
  return /^(Exceeded MaxStartups|Not allowed at this time)/.test(text) ? "busy" : "other";
};

/** What went wrong with a server before the sign-in was done, as the person is told. */
export const sshFailure = (
  { host, port }: Endpoint,
  username: string,
  { stage, greeting }: SshProgress,
  cause: Error,
): SessionFailure => {
  const unreachable = (fault: Fault, sentence: string) =>
    new SessionFailure("target_unreachable", sentence, { cause, fault });
  // A server that has heard enough wrong passwords closes, with or without a word.
  if (stage === "sign_in")
    return refused(host, username, hasHadEnough(cause) ? "too_many_tries" : "sign_in_cut", cause);
  if (greeting === "other") return notSsh({ host, port }, cause);
  if (greeting === "busy") {
    return unreachable(
      "ssh_overloaded",
      `${host} takes no more connections now: too many of them wait for their sign-in, or too many of ours have failed.`,
    );
  }
  if (greeting === "none") {
    return unreachable(
      "closed_silently",
      `${host} closed the connection on port ${port} without a word: it may be overloaded, or refuse us.`,
    );
  }
  if (cause.message.includes("no matching")) {
    return unreachable(
      "no_common_algorithm",
      `${host} and the gateway have no way in common to encrypt: one of them is too old.`,
    );
  }
  return unreachable("key_exchange_cut", `${host} cut the connection during the key exchange.`);
};

/** The same for a server that keeps silent; limits in milliseconds. */
export const sshSilence = (
  { host, port }: Endpoint,
  { stage, greeting }: SshProgress,
  limitMs: number,
): SessionFailure => {
  if (stage === "key_exchange" && greeting !== "none" && greeting !== "ssh") return notSsh({ host, port });
  const within = `within ${limitMs / 1000} s`;
  const sentence =
    stage === "sign_in"
      ? `${host} did not answer the sign-in ${within}.`
      : greeting === "ssh"
        ? `${host} did not finish the key exchange ${within}.`
        : `${host} accepts connections on port ${port} but says nothing: silent for ${limitMs / 1000} s.`;
  return new SessionFailure("target_unreachable", sentence, {
    fault: stage === "sign_in" ? "sign_in_silent" : "server_silent",
  });
};

const notSsh = ({ host, port }: Endpoint, cause?: Error): SessionFailure =>
  new SessionFailure("target_unreachable", `What answers at ${host} on port ${port} is not an SSH server.`, {
    cause,
    fault: "not_ssh",
  });

/** sshd's words at `MaxAuthTries`, which it sends as a protocol error, and the reason that RFC 4253 has for it. */
const hasHadEnough = (cause: Error): boolean =>
  /too many authentication failures/i.test(cause.message) || ("code" in cause && cause.code === noMoreMethods);

const noMoreMethods = 14;
