import { h } from "../dom.ts";
import { drawIcon, drawMark, type IconName } from "../icons.ts";

export interface Card {
  readonly element: HTMLElement;
  /** Gets the focus when the card is shown. */
  readonly focus?: HTMLElement;
  readonly onShow?: () => void;
  readonly onEscape?: () => void;
  /** Runs when the card leaves: timers stop here. */
  readonly dispose?: () => void;
}

interface CardInput {
  readonly title: string;
  readonly name: string;
  /** The session's protocol, or null for a card about the gateway. */
  readonly protocol: { readonly type: string; readonly icon: IconName } | null;
  readonly path?: HTMLElement;
  readonly body: readonly Node[];
  readonly foot: readonly Node[];
  readonly width: "connecting" | "prompt" | "narrow" | "wide";
}

/** The frame of every state that stands in place of the remote screen: who, the path if it tells something, what, what next. */
export const cardFrame = ({ title, name, protocol, path, body, foot, width }: CardInput): HTMLElement => {
  const tile = h(
    "span",
    { class: "sp-tile", "data-protocol": protocol?.type },
    protocol ? drawIcon(protocol.icon, 22) : drawMark(20),
  );
  const head = h(
    "header",
    { class: path ? "sp-card-head sp-card-ruled" : "sp-card-head" },
    tile,
    h(
      "div",
      { class: "sp-card-titles" },
      h("h1", { id: "sp-card-title" }, title),
      h("p", {}, h("bdi", { title: name }, name)),
    ),
  );
  const card = h("section", { class: `sp-card sp-card-${width}`, "aria-labelledby": "sp-card-title" }, head);
  if (path) card.append(h("div", { class: "sp-card-path" }, path));
  if (body.length > 0) card.append(h("div", { class: "sp-card-body" }, ...body));
  card.append(h("footer", { class: "sp-card-foot" }, ...foot));
  return card;
};
