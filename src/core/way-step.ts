/** Steps on a way, in the order in which they come: for whoever shows how a connection is made. */
export type WayStepName = "name" | "policy" | "connect" | "key_exchange" | "host_key" | "sign_in" | "forward";

/** A step that begins, with what the one before it has found. */
export interface WayStep {
  /** Null when there is nothing more to do here. */
  readonly begins: WayStepName | null;
  /** Whose step it is, counted from 1; absent for the target. `forward` is a step of the hop that is asked to pass on. */
  readonly hop?: number;
  readonly found?: {
    /** What the name stands for. */
    readonly addresses?: readonly string[] | undefined;
    /** How the SSH server calls itself, such as `OpenSSH_9.2p1`. */
    readonly software?: string | undefined;
    /** Of the host key that is trusted and was proved. */
    readonly keyType?: string | undefined;
    /** How the sign-in was accepted, as SSH calls it: `none`, `password`, `publickey`, `keyboard-interactive`. */
    readonly method?: string | undefined;
  };
}

export type OnWayStep = (step: WayStep) => void;
