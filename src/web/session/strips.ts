import { h } from "../dom.ts";
import { drawIcon, type IconName } from "../icons.ts";
import { button } from "./button.ts";

/** What hangs from the top edge for a while, the most urgent first; one at a time is seen. */
const order = ["lost", "max_duration", "idle", "back", "watching"] as const;
export type StripKind = (typeof order)[number];

export interface Strip {
  readonly tone: "warn" | "ok" | "plain";
  readonly icon: IconName;
  /** Told aloud when the strip appears; urgent strips interrupt. */
  readonly words: ReadonlyArray<Node | string>;
  readonly isUrgent?: boolean;
  /** Seen behind the words and not told aloud, such as a time that runs. */
  readonly rest?: Node;
  readonly action?: { readonly label: string; readonly icon?: IconName; readonly onPress: () => void };
  readonly forMs?: number;
  /** Runs when the strip goes: countdowns stop here. */
  readonly dispose?: () => void;
}

export interface Strips {
  readonly element: HTMLElement;
  show(kind: StripKind, strip: Strip): void;
  hide(kind: StripKind): void;
  hideAll(): void;
  speak(text: string): void;
}

export const createStrips = (): Strips => {
  const spoken = h("p", { class: "sp-offscreen", role: "status" });
  const place = h("div", { class: "sp-strip-place" });
  const element = h("div", { class: "sp-strips" }, place, spoken);
  const strips = new Map<StripKind, { readonly drawn: HTMLElement; readonly end: () => void }>();
  const draw = () => {
    const kind = order.find((each) => strips.has(each));
    const drawn = kind && strips.get(kind)?.drawn;
    if (!drawn) spoken.textContent = "";
    if (place.firstChild !== (drawn ?? null)) place.replaceChildren(...(drawn ? [drawn] : []));
  };
  const hide = (kind: StripKind) => {
    strips.get(kind)?.end();
    strips.delete(kind);
    draw();
  };
  return {
    element,
    show: (kind, strip) => {
      strips.get(kind)?.end();
      const timer = strip.forMs === undefined ? undefined : setTimeout(() => hide(kind), strip.forMs);
      const end = () => {
        clearTimeout(timer);
        strip.dispose?.();
      };
      strips.set(kind, { drawn: drawStrip(kind, strip), end });
      draw();
    },
    hide,
    hideAll: () => {
      for (const kind of strips.keys()) hide(kind);
    },
    speak: (text) => {
      spoken.textContent = text;
    },
  };
};

const drawStrip = (kind: StripKind, { tone, icon, words, isUrgent, rest, action }: Strip): HTMLElement => {
  const element = h(
    "div",
    { class: "sp-strip", "data-strip": kind, "data-tone": tone },
    drawIcon(icon, 18),
    h("p", {}, h("span", { role: isUrgent ? "alert" : "status" }, ...words), ...(rest ? [" ", rest] : [])),
  );
  if (action) element.append(button({ ...action, look: "outline" }));
  return element;
};
