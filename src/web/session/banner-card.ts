import type { SessionView } from "../../resources/sessions/schema.ts";
import { h } from "../dom.ts";
import { protocolIcon } from "../protocol-icon.ts";
import { button, copyButton } from "./button.ts";
import { type Card, cardFrame } from "./card.ts";
import { sessionName } from "./session-name.ts";
import { splitBanner } from "./split-banner.ts";
import { clockTime } from "./time-words.ts";

/** A press sooner than this was meant for something else, such as the page before. */
const continueAfterMs = 500;
/** The gateway sweeps now and then; by then it has ended what nobody continued. */
const expiryCheckAfterMs = 35_000;

interface BannerInput {
  readonly session: SessionView;
  readonly banner: string;
  /** Null: for ever. */
  readonly waitsUntil: Date | null;
  readonly onContinue: () => void;
  readonly onCancel: () => void;
  readonly onExpired: () => void;
}

/** The text to read and the key to install before anything is dialled. */
export const bannerCard = ({ session, banner, waitsUntil, onContinue, onCancel, onExpired }: BannerInput): Card => {
  const shownAtMs = performance.now();
  const { text, publicKey } = splitBanner(banner);
  const body: HTMLElement[] = [];
  if (text !== "") body.push(h("p", { class: "sp-banner-text" }, text));
  if (publicKey !== null) body.push(keyBlock(session, publicKey));
  const go = button({
    label: "Continue",
    look: "primary",
    keyCap: "Enter",
    onPress: () => {
      if (performance.now() - shownAtMs >= continueAfterMs) onContinue();
    },
  });
  const expiry = waitsUntil ? setTimeout(onExpired, expiryCheckAfterMs + waitsUntil.getTime() - Date.now()) : undefined;
  const wait = waitsUntil ? ` This page waits until ${clockTime(waitsUntil, "minutes")}.` : "";
  return {
    element: cardFrame({
      title: "Before you start",
      name: `${sessionName(session)}, by hand`,
      protocol: { type: session.session_type, icon: protocolIcon(session.session_type) },
      body,
      foot: [
        go,
        button({ label: "Cancel", look: "quiet", onPress: onCancel }),
        h("p", { class: "sp-card-note" }, `Nothing is dialled yet.${wait}`),
      ],
      width: "narrow",
    }),
    focus: go,
    dispose: () => clearTimeout(expiry),
  };
};

const keyBlock = ({ username }: SessionView, publicKey: string): HTMLElement =>
  h(
    "div",
    { class: "sp-banner-key" },
    h("h2", {}, "A key was made for this session"),
    h(
      "p",
      {},
      "Add this line to ",
      h("code", {}, "~/.ssh/authorized_keys"),
      ...(username ? [" of ", h("code", {}, h("bdi", {}, username))] : []),
      " on the target, then continue. The private half is forgotten when the session ends.",
    ),
    h(
      "div",
      { class: "sp-well" },
      h("code", {}, publicKey),
      copyButton("Copy", "outline", () => publicKey),
    ),
  );
