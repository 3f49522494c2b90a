import type { Road } from "../core/endpoint.ts";
import type { KeyTrust } from "../core/known-key.ts";
import type { SshRelayRequest } from "../protocols/protocol.ts";
import { prepareHostKeyCheck } from "../ssh/host-key.ts";
import { LoopTurns } from "../ssh/loop-turns.ts";
import { openSshClient } from "../ssh/ssh-client.ts";
import type { Way } from "./way.ts";

/**
 * Goes to an SSH server as far as its host key, which has been proved when this resolves, and hangs up before anything of
 * a sign-in is sent. Rejects with `SessionFailure`.
 */
export const greetSsh = async (options: {
  request: Pick<SshRelayRequest, "target" | "hostKey">;
  /** The hops before it, as known hosts remember them. */
  path: string;
  road: Road;
  trust: KeyTrust;
  timeouts: { readonly keyExchangeMs: number; readonly authMs: number };
  way: Way;
  signal: AbortSignal;
}): Promise<void> => {
  const { request, path, road, trust, timeouts, way, signal } = options;
  const { target, hostKey: pinnedLine } = request;
  const hostKeyCheck = await prepareHostKeyCheck({ trust, path, target, pinnedLine, seenBy: "doctor" });
  const stream = await road.connect(target, signal);
  way.onStep({ begins: "key_exchange" });
  const enough = new AbortController();
  try {
    const client = await openSshClient({
      stream,
      target,
      credentials: { username: "", password: null, privateKey: null, passphrase: null },
      hostKeyCheck,
      timeouts,
      turns: new LoopTurns(),
      signal: AbortSignal.any([signal, enough.signal]),
      onStep: (step) => {
        if (step.begins !== "sign_in") return way.onStep(step);
        way.onStep({ ...step, begins: null });
        enough.abort();
      },
    });
    client.close();
  } catch (error) {
    signal.throwIfAborted();
    if (!enough.signal.aborted) throw error;
  }
};
