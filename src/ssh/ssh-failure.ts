import type { Endpoint } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import { refused } from "./sign-in.ts";

/** How far a connection came before it failed. */
export interface SshProgress {
  readonly stage: "key_exchange" | "sign_in";
  /** The first bytes the other side sent, if any; `busy` when they say that it takes nobody in now. */
  readonly greeting: "none" | "ssh" | "busy" | "other";
}

/**
 * What a server's first bytes are. OpenSSH says the first sentence beyond MaxStartups; from 9.8 on the second, then and to
 * addresses that it keeps out for a while (PerSourcePenalties).
 */
export const greetingOf = (text: string): SshProgress["greeting"] => {
  if (/^SSH-|\nSSH-/.test(text)) return "ssh";
  return /^(Exceeded MaxStartups|Not allowed at this time)/.test(text) ? "busy" : "other";
};

/** What went wrong with a server before the sign-in was done, as the person is told. */
export const sshFailure = (
  target: Endpoint,
  username: string,
  { stage, greeting }: SshProgress,
  cause: Error,
): SessionFailure => {
  const { host, port } = target;
  const unreachable = (fault: Fault, sentence: string) =>
    new SessionFailure("target_unreachable", sentence, { cause, fault });
  // A server that has heard enough wrong passwords closes, with or without a word.
  if (stage === "sign_in") {
    return refused(host, username, /too many/i.test(cause.message) ? "too_many_tries" : "closed_at_sign_in", cause);
  }
  if (greeting === "other" || greeting === "busy") return noGreeting(target, greeting, cause);
  if (greeting === "none") {
    return unreachable(
      "closed_without_word",
      `${host} closed the connection on port ${port} without a word: it may be overloaded, or refuse us.`,
    );
  }
  if (cause.message.includes("no matching")) {
    return unreachable(
      "no_common_algorithms",
      `${host} and the gateway have no way in common to encrypt: one of them is too old.`,
    );
  }
  return unreachable("key_exchange_cut", `${host} cut the connection during the key exchange.`);
};

/** The same for a server that keeps silent; limits in milliseconds. */
export const sshSilence = (target: Endpoint, { stage, greeting }: SshProgress, limitMs: number): SessionFailure => {
  const { host, port } = target;
  const within = `within ${limitMs / 1000} s`;
  const silent = (fault: Fault, sentence: string) => new SessionFailure("target_unreachable", sentence, { fault });
  if (stage === "sign_in") return silent("sign_in_silent", `${host} did not answer the sign-in ${within}.`);
  if (greeting === "ssh") return silent("ssh_silent", `${host} did not finish the key exchange ${within}.`);
  if (greeting === "other" || greeting === "busy") return noGreeting(target, greeting);
  return silent(
    "mute",
    `${host} accepts connections on port ${port} but says nothing: silent for ${limitMs / 1000} s.`,
  );
};

const noGreeting = ({ host, port }: Endpoint, greeting: "busy" | "other", cause?: Error): SessionFailure => {
  const [fault, sentence]: [Fault, string] =
    greeting === "busy"
      ? [
          "ssh_busy",
          `${host} takes in nobody more at this time: too many are about to sign in there, or too many from here have failed.`,
        ]
      : ["not_ssh", `What answers at ${host} on port ${port} is not an SSH server.`];
  return new SessionFailure("target_unreachable", sentence, { cause, fault });
};
