import { followEvents } from "./follow-events.ts";
import { afterEvent, type LiveEvent, type LiveState, nothingYet } from "./live-state.ts";

interface ShareOptions {
  /** Windows of the same name share one connection; it tells who is signed in. */
  name: string;
  onState: (state: LiveState) => void;
  onSignedOut: () => void;
  signal: AbortSignal;
}

type Message = { kind: "event"; event: LiveEvent } | { kind: "state"; state: LiveState } | { kind: "hello" | "retry" };

/** A leader passes on at least the gateway's comment every 15 s. One that is silent for longer has stopped. */
const leaderSilenceMs = 45_000;

/**
 * Follows the gateway's events with one connection for all windows: the one that holds the lock reads and tells the
 * others. Where the browser has no locks (plain http to another machine), each window reads by itself.
 */
export const shareEvents = ({ name, onState, onSignedOut, signal }: ShareOptions): { retry: () => void } => {
  const wakes = new EventTarget();
  let state = nothingYet;
  const show = (next: LiveState) => {
    state = next;
    onState(next);
  };
  const emit = (event: LiveEvent) => show(afterEvent(state, event));
  const wake = () => void wakes.dispatchEvent(new Event("wake"));
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const onLoginOver = () => {
    over.abort();
    onSignedOut();
  };
  if (navigator.locks === undefined) {
    void followEvents({ emit, onSignedOut: onLoginOver, wakes, signal });
    return { retry: wake };
  }

  const channel = new BroadcastChannel(name);
  ended.addEventListener("abort", () => channel.close());
  const tell = (message: Message) => {
    if (!ended.aborted) channel.postMessage(message);
  };
  let isLeading = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  ended.addEventListener("abort", () => clearTimeout(silence));

  const lead = async (options: LockOptions): Promise<void> => {
    const robbed = new AbortController();
    const leading = AbortSignal.any([ended, robbed.signal]);
    const read = async () => {
      isLeading = true;
      clearTimeout(silence);
      const emitAndTell = (event: LiveEvent) => {
        emit(event);
        tell({ kind: "event", event });
      };
      await followEvents({ emit: emitAndTell, onSignedOut: onLoginOver, wakes, signal: leading });
    };
    try {
      await navigator.locks.request(name, options, read);
    } catch {
      // The wait was given up, or another window took the lock because this one was silent.
      robbed.abort();
    }
    isLeading = false;
  };
  const waitForLead = async () => {
    while (!ended.aborted) await lead({ signal: ended });
  };
  const listenForSilence = () => {
    clearTimeout(silence);
    silence = setTimeout(() => void lead({ steal: true }), leaderSilenceMs);
  };

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "hello" && isLeading) tell({ kind: "state", state });
    if (data.kind === "retry" && isLeading) wake();
    if (isLeading) return;
    if (data.kind === "event") emit(data.event);
    if (data.kind === "state") show(data.state);
    if (data.kind === "event" || data.kind === "state") listenForSilence();
  };
  tell({ kind: "hello" });
  listenForSilence();
  void waitForLead();
  return { retry: () => (isLeading ? wake() : tell({ kind: "retry" })) };
};
