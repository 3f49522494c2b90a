import { SessionFailure } from "../core/session-end.ts";
import { askArguments } from "./ask-arguments.ts";
import type { GuacdAddress } from "./guacd-address.ts";

/**
 * Goes through the first half of a handshake, as a session does. It costs guacd a process for some seconds and an error
 * line in its log, so it is for a guacd that is in doubt. Rejects with `SessionFailure`, or the signal's reason.
 */
export const checkGuacd = async (options: {
  address: GuacdAddress;
  timeouts: { readonly connectMs: number; readonly argsMs: number };
  signal: AbortSignal;
}): Promise<void> => {
  try {
    await askArguments({ ...options, protocol: "ssh" });
  } catch (error) {
    // It knows another one.
    if (!(error instanceof SessionFailure && error.fault === "guacd_protocol_missing")) throw error;
  }
};
