import type { SessionView } from "../../resources/sessions/schema.ts";
import { h } from "../dom.ts";
import { drawIcon } from "../icons.ts";
import { measuredTime } from "../measured-time.ts";
import { drawPath } from "../path.ts";
import { protocolIcon } from "../protocol-icon.ts";
import type { Station } from "../station.ts";
import { button } from "./button.ts";
import { type Card, cardFrame } from "./card.ts";
import { connectWords, hopKey, type StepNotice, stepKey } from "./connect-words.ts";
import { sessionName, targetAddress } from "./session-name.ts";

type Progress =
  | { state: "running"; sinceMs: number; limitSeconds: number | undefined }
  | { state: "done"; ms: number | undefined };

export interface ConnectingCard extends Card {
  step(notice: StepNotice): void;
  /** The socket is open but silent: something in between may hold it back. */
  warnSilent(): void;
}

const refreshEveryMs = 100;

/** How far connecting is: the path, and each step with the time it took or has taken so far. */
export const connectingCard = (session: SessionView, onCancel: () => void): ConnectingCard => {
  const words = connectWords(session);
  const progress = new Map<string, Progress>();
  const path = h("div");
  const list = h("ol", { class: "sp-steps" });
  const limit = h("p", { class: "sp-card-note" });
  const silent = h("p", { class: "sp-card-warning", role: "status", hidden: true });
  const spoken = h("p", { class: "sp-offscreen", role: "status" });
  const icon = protocolIcon(session.session_type);
  const cancel = button({ label: "Cancel", look: "outline", keyCap: "Esc", onPress: onCancel });
  const draw = () => {
    path.replaceChildren(drawPath(stations(session, progress), icon));
    list.replaceChildren(...[...words].map(([key, each]) => stepRow(each, progress.get(key))));
    limit.textContent = limitWords(words, progress);
  };
  const tick = () => {
    for (const time of list.querySelectorAll<HTMLElement>("[data-since]")) {
      time.textContent = measuredTime(Date.now() - Number(time.dataset.since));
    }
  };
  draw();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    element: cardFrame({
      title: "Connecting",
      name: sessionName(session),
      protocol: { type: session.session_type, icon },
      path,
      body: [list, silent, spoken],
      foot: [cancel, limit],
      width: "connecting",
    }),
    focus: cancel,
    onEscape: onCancel,
    onShow: () => {
      timer = setInterval(tick, refreshEveryMs);
    },
    dispose: () => clearInterval(timer),
    step: (notice) => {
      const key = stepKey(notice);
      // When it is gone back to, what lies behind it is ahead again.
      const keys = [...words.keys()];
      if (notice.state === "running") for (const behind of keys.slice(keys.indexOf(key))) progress.delete(behind);
      progress.set(
        key,
        notice.state === "running"
          ? { state: "running", sinceMs: Date.now(), limitSeconds: notice.limit_seconds }
          : { state: "done", ms: notice.ms },
      );
      spoken.textContent = words.get(key)?.[notice.state] ?? "";
      draw();
    },
    warnSilent: () => {
      silent.textContent =
        "Connected, but no picture arrives. A proxy between you and the gateway may hold back WebSocket traffic.";
      silent.hidden = false;
    },
  };
};

type Words = ReturnType<typeof connectWords>;

const stepRow = (
  words: Record<"waiting" | "running" | "done", string>,
  progress: Progress | undefined,
): HTMLElement => {
  const state = progress?.state ?? "waiting";
  const face = { waiting: "minus", running: "arc", done: "check" } as const;
  const row = h(
    "li",
    { "data-state": state },
    h("span", { class: "sp-step-face" }, drawIcon(face[state], 13)),
    h("span", { class: "sp-step-name" }, words[state]),
  );
  if (progress?.state === "running") {
    const since = h("span", { class: "sp-step-time", "data-since": String(progress.sinceMs) });
    since.textContent = measuredTime(Date.now() - progress.sinceMs);
    row.append(since);
  } else if (progress?.ms !== undefined) {
    row.append(h("span", { class: "sp-step-time" }, measuredTime(progress.ms)));
  }
  return row;
};

const stations = (session: SessionView, progress: ReadonlyMap<string, Progress>): Station[] => {
  const address = targetAddress(session);
  const station = (key: string, kind: "hop" | "target", name: string, note: string | null): Station => {
    const now = progress.get(key);
    const told = now?.state === "running" ? "signing in" : note;
    return { kind, name, state: stateOf(now), ...(told ? { note: told } : {}) };
  };
  const hops = (session.jump_hosts ?? []).map(({ hostname }, index) => {
    const now = progress.get(hopKey(index + 1));
    const time = now?.state === "done" && now.ms !== undefined ? measuredTime(now.ms) : null;
    return station(hopKey(index + 1), "hop", hostname, time);
  });
  return [
    { kind: "you", name: "You", state: "ok" },
    { kind: "gateway", name: "Gateway", state: progress.size === 0 ? "running" : "ok" },
    ...hops,
    station("target", "target", "Target", address),
  ];
};

const stateOf = (progress: Progress | undefined): Station["state"] => {
  if (progress === undefined) return "waiting";
  return progress.state === "done" ? "ok" : "running";
};

const limitWords = (words: Words, progress: ReadonlyMap<string, Progress>): string => {
  for (const [key, now] of progress) {
    if (now.state === "running" && now.limitSeconds !== undefined) {
      return `${words.get(key)?.who ?? "It"} has ${now.limitSeconds} s to answer`;
    }
  }
  return "";
};
