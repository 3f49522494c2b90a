import { h } from "../dom.ts";
import { startCountdown } from "./countdown.ts";
import type { Strip, Strips } from "./strips.ts";
import { clockTime, countedTime, limitWords } from "./time-words.ts";

/** Each strip of the session page, with its words. */
export interface SessionStrips {
  /** `keptUntilMs` is null when the page does not know how long the session is kept, or has nothing to do with it. */
  lost(keptUntilMs: number | null, onTryNow: () => void): void;
  connectingAgain(): void;
  back(): void;
  /** `onStay` is null for those whose input does not count. */
  idle(seconds: number, onStay: (() => void) | null): void;
  /** `limitMs` is 0 when the page does not know the limit. */
  endsAt(seconds: number, limitMs: number): void;
  watching(name: string): void;
}

const backForMs = 2_000;
const watchingForMs = 4_000;

export const createSessionStrips = (strips: Strips): SessionStrips => {
  const warn = (strip: Omit<Strip, "tone" | "icon">): Strip => ({ tone: "warn", icon: "alert", ...strip });
  return {
    lost: (keptUntilMs, onTryNow) => {
      const kept = h("span");
      const stop =
        keptUntilMs === null
          ? undefined
          : startCountdown({
              untilMs: keptUntilMs,
              show: (left) => {
                kept.textContent = keptWords(left);
              },
              speak: (left) => strips.speak(keptWords(left)),
            });
      strips.show(
        "lost",
        warn({
          words: [h("strong", {}, "Connection lost."), " Trying again."],
          ...(stop ? { rest: kept } : {}),
          isUrgent: true,
          action: { label: "Try now", icon: "refresh", onPress: onTryNow },
          ...(stop ? { dispose: stop } : {}),
        }),
      );
    },
    connectingAgain: () =>
      strips.show("lost", {
        tone: "plain",
        icon: "refresh",
        words: ["Connecting again."],
      }),
    back: () =>
      strips.show("back", {
        tone: "ok",
        icon: "check",
        words: ["Connected again."],
        forMs: backForMs,
      }),
    idle: (seconds, onStay) => {
      const left = h("span");
      const words = (now: number) => `This session ends in ${countedTime(now)}.`;
      const stop = startCountdown({
        untilMs: Date.now() + seconds * 1000,
        show: (now) => {
          left.textContent = words(now);
        },
        speak: (now) => strips.speak(words(now)),
      });
      strips.show(
        "idle",
        warn({
          words: [
            h("strong", {}, "Still there?"),
            h("span", { class: "sp-offscreen" }, ` You have ${countedTime(seconds)} to stay.`),
          ],
          rest: left,
          isUrgent: true,
          ...(onStay ? { action: { label: "Stay", onPress: onStay } } : {}),
          dispose: stop,
        }),
      );
    },
    endsAt: (seconds, limitMs) => {
      const at = new Date(Date.now() + seconds * 1000);
      const limit = limitMs === 0 ? "time limit" : `${limitWords(limitMs)} limit`;
      const words = `This session ends at ${clockTime(at, "minutes")}, its ${limit}.`;
      const stop = startCountdown({
        untilMs: at.getTime(),
        show: () => undefined,
        speak: (left) => strips.speak(`This session ends in ${countedTime(left)}.`),
      });
      strips.show("max_duration", warn({ words: [words], dispose: stop }));
    },
    watching: (name) =>
      strips.show("watching", {
        tone: "plain",
        icon: "eye",
        words: [h("strong", {}, h("bdi", {}, name)), " is watching"],
        forMs: watchingForMs,
      }),
  };
};

const keptWords = (seconds: number): string =>
  seconds === 0 ? "The time it is kept for is over." : `Your session is kept for ${countedTime(seconds)}.`;
