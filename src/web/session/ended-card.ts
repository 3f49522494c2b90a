import type { EndReason, SessionView } from "../../resources/sessions/schema.ts";
import { h } from "../dom.ts";
import { drawPath } from "../path.ts";
import { protocolIcon } from "../protocol-icon.ts";
import type { Station } from "../station.ts";
import { button, copyButton } from "./button.ts";
import { type Card, cardFrame } from "./card.ts";
import { type BreakPlace, type EndWords, endWords } from "./end-words.ts";
import { keyFingerprints } from "./key-words.ts";
import type { PageFacts } from "./page-facts.ts";
import { sessionName, targetAddress } from "./session-name.ts";
import { clockTime } from "./time-words.ts";

interface EndedInput {
  readonly session: SessionView;
  readonly reason: EndReason;
  readonly detail: string | null;
  readonly facts: PageFacts;
  readonly startedAt: Date | null;
  readonly endedAt: Date;
}

/** Why the session is over, where the way broke, and what to do next. */
export const endedCard = ({ session, reason, detail, facts, startedAt, endedAt }: EndedInput): Card => {
  const ranForMs = startedAt === null ? null : endedAt.getTime() - startedAt.getTime();
  const words = endWords(reason, {
    session,
    detail,
    ranForMs,
    limits: facts,
    watched: facts.isWatching ? session.created_by : null,
  });
  const isFinal = words.isFinal || facts.isWatching;
  const again = button({
    label: "Start again",
    look: "primary",
    keyCap: "Enter",
    onPress: () => location.assign(`/?again=${encodeURIComponent(session.session_id)}`),
  });
  const test = button({
    label: "Test connection",
    look: "outline",
    onPress: () => location.assign(`/?again=${encodeURIComponent(session.session_id)}&test`),
  });
  const back = button({
    label: "Back to sessions",
    look: isFinal ? "primary" : "quiet",
    onPress: () => location.assign("/"),
  });
  const details = () => detailText(session, words, { reason, detail, endedAt });
  const icon = protocolIcon(session.session_type);
  const keys = reason === "host_key_changed" || reason === "certificate_untrusted" ? fingerprintTable(detail) : null;
  return {
    element: cardFrame({
      title: words.title,
      name: sessionName(session),
      protocol: { type: session.session_type, icon },
      ...(words.breakAt ? { path: drawPath(stations(session, words.breakAt), icon) } : {}),
      body: [
        h("p", { role: "alert" }, words.sentence),
        ...(keys ? [keys] : []),
        h(
          "dl",
          { class: "sp-facts" },
          h("dt", {}, "Ended"),
          h("dd", {}, `${clockTime(endedAt, "seconds")}, `, h("code", {}, reason)),
          h("dt", {}, "Session"),
          h("dd", {}, h("code", {}, session.session_id)),
        ),
      ],
      foot: [
        ...(isFinal ? [] : [again]),
        ...(!isFinal && isOnTheWay(words.breakAt) ? [test] : []),
        back,
        copyButton(
          words.isFinal ? "Copy details for an admin" : "Copy details",
          words.isFinal ? "outline" : "quiet",
          details,
        ),
      ],
      width: "wide",
    }),
    focus: isFinal ? back : again,
  };
};

/** Behind the gateway, where a test of the connection tells more. */
const isOnTheWay = (breakAt: BreakPlace | undefined): boolean => breakAt === "target" || typeof breakAt === "object";

const stations = (session: SessionView, breakAt: BreakPlace): Station[] => {
  const address = targetAddress(session);
  const isBeyond = isOnTheWay(breakAt);
  const gateway = isBeyond ? "ok" : breakAt === "gateway" ? "failed" : "plain";
  return [
    { kind: "you", name: "You", ...(breakAt === "you" ? { state: "failed", breaksBehind: true } : { state: "ok" }) },
    { kind: "gateway", name: "Gateway", state: gateway, ...(breakAt === "gateway" ? { breaksBehind: true } : {}) },
    ...(session.jump_hosts ?? []).map(({ hostname }, index) => hopStation(hostname, index + 1, breakAt)),
    {
      kind: "target",
      name: "Target",
      state: breakAt === "target" ? "failed" : "waiting",
      ...(typeof breakAt === "object" ? { note: "not reachable" } : address ? { note: address } : {}),
    },
  ];
};

const hopStation = (name: string, number: number, breakAt: BreakPlace): Station => {
  const brokenHop = typeof breakAt === "object" ? breakAt.hop : breakAt === "target" ? Number.POSITIVE_INFINITY : 0;
  if (typeof breakAt === "object" && number === breakAt.hop)
    return { kind: "hop", name, note: breakAt.note, state: "failed", breaksBehind: breakAt.isBehind };
  return { kind: "hop", name, state: number < brokenHop ? "ok" : "waiting" };
};

/** The keys, or certificates, that the gateway\'s sentence names. */
const fingerprintTable = (detail: string | null): HTMLElement | null => {
  const { known, shown } = keyFingerprints(detail);
  if (shown === undefined) return null;
  return h(
    "dl",
    { class: "sp-fingerprints" },
    ...(known ? [h("div", {}, h("dt", {}, known[0]), h("dd", {}, h("code", {}, known[1])))] : []),
    h("div", { class: known ? "sp-bad" : "" }, h("dt", {}, "Shown now"), h("dd", {}, h("code", {}, shown))),
  );
};

const detailText = (
  session: SessionView,
  words: EndWords,
  { reason, detail, endedAt }: Pick<EndedInput, "reason" | "detail" | "endedAt">,
): string =>
  [
    words.title,
    words.sentence,
    ...(detail !== null && detail !== words.sentence ? [detail] : []),
    `Target: ${sessionName(session)}`,
    `Ended: ${endedAt.toISOString()}, ${reason}`,
    `Session: ${session.session_id}`,
  ].join("\n");
