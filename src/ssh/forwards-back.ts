import type { SshClient } from "./ssh-client.ts";

/**
 * Whether a server opens a port of its own loopback for us (`tcpip-forward`, RFC 4254 §7.1). It chooses a free one, which is
 * given back before this resolves. OpenSSH grants it under `PermitOpen` and refuses it under `AllowTcpForwarding no`, and
 * under `local`. False when the server is silent for `limitMs`, is lost, or when the signal is aborted.
 */
export const forwardsBack = async (
  { connection }: Pick<SshClient, "connection">,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onOver = () => resolve(false);
  const timer = setTimeout(onOver, limitMs);
  signal.addEventListener("abort", onOver, { once: true });
  // Who finds the port in the meantime is not let in.
  connection.on("tcp connection", (_details, _accept, reject) => void reject());
  try {
    connection.forwardIn("127.0.0.1", 0, (error, port) => {
      if (error) return resolve(false);
      connection.unforwardIn("127.0.0.1", port, () => resolve(true));
    });
    return await promise;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onOver);
  }
};
