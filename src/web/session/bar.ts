import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import { measuredTime } from "./time-words.ts";

export type Health = { kind: "steady"; roundTripMs: number | null } | { kind: "unstable"; sinceMs: number };

export interface Bar {
  readonly element: HTMLElement;
  /** `byKeyboard` also puts the focus on the first tool. */
  open(byKeyboard: boolean): void;
  showHealth(health: Health): void;
}

interface BarInput {
  readonly name: string;
  readonly protocol: { readonly type: string; readonly icon: IconName };
  readonly tools: readonly HTMLElement[];
  /** The keys go back to the target. */
  readonly onLeave: () => void;
}

const startsOpenMs = 4_000;
const closesAfterMs = 3_000;
const slowFromMs = 300;

/** The tools that hang from the top edge. They cover the remote screen for a moment and never resize it. */
export const createBar = ({ name, protocol, tools, onLeave }: BarInput): Bar => {
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
    h("span", { class: "sp-tile sp-tile-small", "data-protocol": protocol.type }, drawIcon(protocol.icon, 15)),
    h(
      "div",
      { class: "sp-bar-who" },
      h("h1", {}, h("bdi", { title: name }, name)),
      h("span", { class: "sp-health" }, dot, words),
    ),
    ...tools,
  );
  const element = h("header", { class: "sp-bar-edge" }, bar, tab);
  let isUnstable = false;
  const staysOpen = () => isUnstable || element.matches(":hover") || bar.contains(document.activeElement);
  const phone = matchMedia("(max-width: 599px)");
  const settle = () => {
    // On a phone the bar is a fixed head, which does not hide.
    bar.inert = element.dataset.open !== "true" && !phone.matches;
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
    element.dataset.open = "true";
    settle();
    if (byKeyboard) tools.find((tool) => tool instanceof HTMLButtonElement && !tool.hidden)?.focus();
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
  const showHealth = (health: Health) => {
    isUnstable = health.kind === "unstable";
    const isGood = health.kind === "steady" && (health.roundTripMs ?? 0) <= slowFromMs;
    element.dataset.health = isGood ? "ok" : "warn";
    words.textContent =
      health.kind === "unstable"
        ? `Unstable, last answer ${Math.round((Date.now() - health.sinceMs) / 1000)} s ago`
        : health.roundTripMs === null
          ? ""
          : measuredTime(health.roundTripMs);
  };
  open(false, startsOpenMs);
  return { element, open, showHealth };
};
