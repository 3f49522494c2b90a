import { once } from "node:events";
import type { GuacdAddress } from "./guacd-address.ts";
import { dialGuacd, GuacdLost, hangUp } from "./guacd-channel.ts";
import { encodeInstruction } from "./instruction.ts";

/**
 * Asks for a session that does not exist, which guacd refuses (1.4 and newer) or hangs up on (before) by itself: it starts no
 * process for it and writes nothing at level warning. Rejects when no answer comes.
 */
export const knockGuacd = async (address: GuacdAddress, timeoutMs: number, signal: AbortSignal): Promise<void> => {
  const socket = await dialGuacd(address, timeoutMs, signal);
  const isOver = new AbortController();
  const until = { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs), isOver.signal]) };
  try {
    socket.write(encodeInstruction(["select", nobodysSession]));
    await Promise.race(["data", "end", "close"].map((event) => once(socket, event, until)));
  } catch (error) {
    signal.throwIfAborted();
    throw new GuacdLost(`guacd gave no answer within ${timeoutMs / 1000} s`, { cause: error });
  } finally {
    isOver.abort();
    hangUp(socket);
  }
};

const nobodysSession = "$00000000-0000-0000-0000-000000000000";
