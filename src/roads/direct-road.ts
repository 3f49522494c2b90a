import { connect, isIP, type Socket } from "node:net";
import type { Endpoint, Road } from "../core/endpoint.ts";
import type { Fault } from "../core/faults.ts";
import { SessionFailure } from "../core/session-end.ts";
import type { OnWayStep } from "../core/way-step.ts";
import type { ResolveName } from "./resolve-name.ts";
import type { TargetPolicy } from "./target-policy.ts";
import { OutOfTime, within } from "./within.ts";

/** Addresses of one name that are tried, one after the other; the time limit is shared among them. */
const maxAttempts = 6;

/**
 * The straight road to targets of one protocol. A name is resolved once, every address of it is checked, and one of those
 * very addresses is dialled. Rejects with `SessionFailure`: `target_not_allowed`, or `target_unreachable` saying why.
 */
export const createDirectRoad = (options: {
  policy: TargetPolicy;
  protocol: string;
  resolve: ResolveName;
  connectTimeoutMs: number;
  /** Called when the policy has passed the target and dialling begins. */
  onAllowed?: () => void;
  onStep?: OnWayStep | undefined;
}): Road => ({
  async connect(target, signal) {
    const deadlineMs = performance.now() + options.connectTimeoutMs;
    const { onStep } = options;
    const isName = isIP(target.host) === 0;
    if (isName) onStep?.({ begins: "name" });
    const addresses = await resolveTarget(options, target, signal);
    onStep?.({ begins: "policy", found: isName ? { addresses } : {} });
    const refused = options.policy.check(options.protocol, target, addresses);
    if (refused) {
      const fault = options.protocol === "hops" ? "hop_not_allowed" : "target_not_allowed";
      throw new SessionFailure("target_not_allowed", refused, { fault });
    }
    options.onAllowed?.();
    onStep?.({ begins: "connect" });
    const attempts = addresses.slice(0, maxAttempts);
    let failure: unknown;
    for (const [index, address] of attempts.entries()) {
      const limitMs = Math.max(1, deadlineMs - performance.now()) / (attempts.length - index);
      try {
        return await dial({ host: address, port: target.port }, limitMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
      }
    }
    throw unreachable(target, failure, options.connectTimeoutMs);
  },
});

const resolveTarget = async (
  options: { resolve: ResolveName; connectTimeoutMs: number },
  target: Endpoint,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  try {
    const addresses = await within(options.resolve(target.host), options.connectTimeoutMs, signal);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OutOfTime || errorCode(error) === "EAI_AGAIN") {
      const sentence = `The name ${target.host} cannot be looked up: the gateway's name server does not answer.`;
      throw new SessionFailure("target_unreachable", sentence, { cause: error, fault: "dns_silent" });
    }
    throw unknownName(target, error);
  }
  throw unknownName(target, undefined);
};

const unknownName = ({ host }: Endpoint, cause: unknown): SessionFailure =>
  new SessionFailure("target_unreachable", `The name ${host} is not known to the gateway.`, {
    cause,
    fault: "name_unknown",
  });

const dial = (address: Endpoint, limitMs: number, signal: AbortSignal): Promise<Socket> => {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ ...address, autoSelectFamily: false });
  // Without it Nagle's algorithm holds the echo of a key back for up to 88 ms.
  socket.setNoDelay(true);
  const timer = setTimeout(() => socket.destroy(new OutOfTime(`silent for ${limitMs} ms`)), limitMs);
  const onAbort = () => socket.destroy(new Error("stopped by its session"));
  signal.addEventListener("abort", onAbort, { once: true });
  socket.once("connect", () => resolve(socket));
  // Stays: whoever takes the socket over adds listeners of its own, and until then an error must not be fatal.
  socket.on("error", reject);
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  });
};

const errorCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const unreachable = ({ host, port }: Endpoint, cause: unknown, limitMs: number): SessionFailure => {
  const code = errorCode(cause);
  const fail = (fault: Fault, sentence: string) => new SessionFailure("target_unreachable", sentence, { cause, fault });
  if (code === "ECONNREFUSED")
    return fail("refused", `${host} refuses connections on port ${port}: nothing listens there.`);
  if (code === "ECONNRESET") return fail("closed_without_word", `${host} cut the connection on port ${port} at once.`);
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") {
    return fail("unreachable", `${host} cannot be reached: it is off, or there is no way to its network.`);
  }
  if (code === "ETIMEDOUT" || cause instanceof OutOfTime) {
    const seconds = Math.round(limitMs / 100) / 10;
    return fail(
      "silent",
      `${host} does not answer on port ${port}: silent for ${seconds} s. It is off, or a firewall drops the traffic.`,
    );
  }
  return fail("error", `${host} cannot be reached on port ${port}${code === "" ? "" : ` (${code})`}.`);
};
