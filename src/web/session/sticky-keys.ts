/** The keys that can be held down for another one. */
export const stickyNames = ["ctrl", "alt", "shift", "win"] as const;
export type StickyName = (typeof stickyNames)[number];
/** `once`: until the next key; `held`: until it is let go by hand. */
export type StickyState = "up" | "once" | "held";

export interface StickyKeys {
  state(name: StickyName): StickyState;
  set(name: StickyName, state: StickyState): void;
  /** Another key was typed: those held for one key are let go. */
  typed(): void;
  release(): void;
  /** Returns how to stop listening. */
  listen(onChange: () => void): () => void;
}

const keysymOf: Record<StickyName, number> = { ctrl: 0xffe3, alt: 0xffe9, shift: 0xffe1, win: 0xffeb };

/** Keys that are down on the target because a button of the page says so. */
export const createStickyKeys = (send: (keysym: number, isDown: boolean) => void): StickyKeys => {
  const states = new Map<StickyName, StickyState>();
  const listeners = new Set<() => void>();
  const state = (name: StickyName) => states.get(name) ?? "up";
  const set = (name: StickyName, next: StickyState) => {
    const before = state(name);
    if (before === next) return;
    states.set(name, next);
    if (before === "up") send(keysymOf[name], true);
    else if (next === "up") send(keysymOf[name], false);
    for (const listener of listeners) listener();
  };
  const releaseThose = (which: StickyState[]) => {
    for (const name of stickyNames) if (which.includes(state(name))) set(name, "up");
  };
  return {
    state,
    set,
    typed: () => releaseThose(["once"]),
    release: () => releaseThose(["once", "held"]),
    listen: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
};
