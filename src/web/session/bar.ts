import { h } from "../dom.ts";
import { measuredTime } from "../measured-time.ts";
import { phoneWidth } from "./phone.ts";

export type Health =
  | { kind: "steady"; roundTripMs: number | null }
  | { kind: "unstable"; sinceMs: number }
  | { kind: "lost" };

export interface Bar {
  readonly element: HTMLElement;
  /** `byKeyboard` also puts the focus on the first tool. */
  open(byKeyboard: boolean): void;
  showHealth(health: Health): void;
}

interface BarInput {
  readonly name: string;
  /** What the bar begins with: a sign, and whose screen this is. */
  readonly sign: Node;
  readonly title: HTMLElement;
  readonly tools: readonly HTMLElement[];
  /** The bar stays while something that it opened is. */
  readonly isBusy: () => boolean;
  /** The keys go back to the target. */
  readonly onLeave: () => void;
}

const startsOpenMs = 4_000;
const closesAfterMs = 3_000;
const slowFromMs = 300;

/** The tools that hang from the top edge. They cover the remote screen for a moment and never resize it. */
export const createBar = ({ name, sign, title, tools, isBusy, onLeave }: BarInput): Bar => {
  const dot = h("span", { class: "sp-dot" });
  const words = h("span", { class: "sp-health-words" });
  const tab = h(
    "button",
    { type: "button", class: "sp-tab", "aria-label": "Session tools" },
    h("span", { class: "sp-dot" }),
  );
  const bar = h(
    "div",
    { class: "sp-bar", role: "toolbar", "aria-label": "Session tools" },
    sign,
    h("div", { class: "sp-bar-who" }, title, h("span", { class: "sp-health" }, dot, words)),
    ...tools,
  );
  const element = h("header", { class: "sp-bar-edge" }, h("h1", { class: "sp-offscreen" }, name), bar, tab);
  let health: Health = { kind: "steady", roundTripMs: null };
  const staysOpen = () =>
    health.kind === "unstable" || isBusy() || element.matches(":hover") || bar.contains(document.activeElement);
  const phone = matchMedia(phoneWidth);
  const settle = () => {
    // On a phone the bar is a fixed head, which does not hide.
    bar.inert = health.kind === "lost" || (element.dataset.open !== "true" && !phone.matches);
  };
  phone.addEventListener("change", settle);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const closeLater = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => (staysOpen() ? closeLater(closesAfterMs) : close()), ms);
  };
  const close = () => {
    clearTimeout(timer);
    const hadFocus = bar.contains(document.activeElement);
    element.dataset.open = "false";
    settle();
    if (hadFocus) onLeave();
  };
  const open = (byKeyboard: boolean, forMs = closesAfterMs) => {
    if (health.kind === "lost") return;
    element.dataset.open = "true";
    settle();
    if (byKeyboard) tools.find((tool) => tool instanceof HTMLButtonElement && tool.checkVisibility())?.focus();
    closeLater(forMs);
  };
  tab.addEventListener("click", () => open(true));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
    onLeave();
  });
  document.addEventListener("mousemove", ({ clientY, buttons }) => {
    if (clientY <= 1 && buttons === 0 && element.dataset.open !== "true") open(false);
  });
  const showHealth = (now: Health) => {
    health = now;
    element.dataset.health = now.kind === "lost" ? "bad" : isGood(now) ? "ok" : "warn";
    words.textContent = healthWords(now);
    if (now.kind === "lost") close();
    else settle();
  };
  open(false, startsOpenMs);
  return { element, open, showHealth };
};

const isGood = (health: Health): boolean => health.kind === "steady" && (health.roundTripMs ?? 0) <= slowFromMs;

const healthWords = (health: Health): string => {
  if (health.kind === "lost") return "Connection lost";
  if (health.kind === "unstable")
    return `Unstable, last answer ${Math.round((Date.now() - health.sinceMs) / 1000)} s ago`;
  return health.roundTripMs === null ? "" : measuredTime(health.roundTripMs);
};
