import { h } from "../dom.ts";
import { button, copyButton } from "./button.ts";
import { type Card, cardFrame } from "./card.ts";

interface NoticeInput {
  readonly siteTitle: string;
  readonly title: string;
  readonly sentence: string;
  readonly code: string;
  readonly requestId?: string | null;
  /** Looks again: at once when pressed, and by itself after this time. */
  readonly retry?: { readonly afterSeconds: number; readonly run: () => void };
  /** Looks again and again, quietly, while the card stays. */
  readonly poll?: { readonly everyMs: number; readonly run: () => void };
}

/** Tells what stands between the person and the session when there is no session to tell about. */
export const noticeCard = ({ siteTitle, title, sentence, code, requestId, retry, poll }: NoticeInput): Card => {
  const back = button({
    label: "Back to sessions",
    look: retry ? "quiet" : "primary",
    onPress: () => location.assign("/"),
  });
  const wait = h("p", { class: "sp-card-note" });
  const again = retry ? button({ label: "Try now", look: "primary", onPress: retry.run }) : null;
  let left = retry?.afterSeconds ?? 0;
  const count = () => {
    wait.textContent = `Trying again in ${left} s.`;
    if (left === 0) retry?.run();
    left -= 1;
  };
  const timer = retry ? setInterval(count, 1000) : poll && setInterval(poll.run, poll.everyMs);
  if (retry) count();
  const details = [
    title,
    sentence,
    `Code: ${code}`,
    ...(requestId ? [`Request: ${requestId}`] : []),
    location.href,
  ].join("\n");
  return {
    element: cardFrame({
      title,
      name: siteTitle,
      protocol: null,
      body: [
        h("p", { role: "alert" }, sentence),
        h("dl", { class: "sp-facts" }, h("dt", {}, "Code"), h("dd", {}, h("code", {}, code)), ...requestRow(requestId)),
      ],
      foot: again ? [again, back, wait] : [back, copyButton("Copy details", "quiet", () => details)],
      width: "narrow",
    }),
    focus: again ?? back,
    dispose: () => clearInterval(timer),
  };
};

const requestRow = (requestId: string | null | undefined): HTMLElement[] =>
  requestId ? [h("dt", {}, "Request"), h("dd", {}, h("code", {}, requestId))] : [];
