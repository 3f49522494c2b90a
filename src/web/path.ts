import { h } from "./dom.ts";
import { drawIcon, drawMark, type IconName } from "./icons.ts";
import type { Station, StationState } from "./station.ts";
import "./path.css";

const stateWords: Record<StationState, string> = {
  plain: "",
  ok: "done",
  running: "running",
  failed: "failed",
  waiting: "not reached yet",
};

/** More leave no room for their names in the drawing, nor for notes. */
const mostNamedHops = 5;

/** Draws the way You → Gateway → hops → Target as one image whose label says the whole way. */
export const drawPath = (stations: readonly Station[], targetIcon: IconName): HTMLElement => {
  const path = h("div", { class: "sp-path", role: "img", "aria-label": `Path: ${stations.map(describe).join(", ")}` });
  const hopCount = stations.filter(({ kind }) => kind === "hop").length;
  let hops = 0;
  for (const [index, station] of stations.entries()) {
    const before = stations[index - 1];
    if (station.kind === "hop") hops += 1;
    const node = h(
      "div",
      { class: `sp-path-node sp-path-${station.kind}`, "data-state": station.state },
      face(station, hops, targetIcon),
    );
    const column = h("div", { class: "sp-path-station" });
    if (before) column.append(h("div", { class: "sp-path-line", "data-state": lineInto(station, before) }));
    column.append(node);
    path.append(column);
    if (station.kind === "hop" && hopCount > mostNamedHops) {
      node.title = station.name;
      continue;
    }
    column.append(h("div", { class: "sp-path-name" }, h("bdi", { title: station.name }, station.name)));
    if (station.note && hopCount <= mostNamedHops)
      column.append(h("div", { class: "sp-path-note" }, h("bdi", { title: station.note }, station.note)));
  }
  return path;
};

const lineInto = (station: Station, before: Station): StationState => {
  if (before.state === "failed" && before.breaksBehind) return "failed";
  return station.state === "failed" && station.breaksBehind ? "ok" : station.state;
};

const face = (station: Station, hop: number, targetIcon: IconName): Node | string => {
  if (station.kind === "you") return drawIcon("person", 15);
  if (station.kind === "gateway") return drawMark(13);
  return station.kind === "hop" ? String(hop) : drawIcon(targetIcon, 15);
};

const describe = ({ name, note, state }: Station): string =>
  [name, note, stateWords[state]].filter((part) => part !== undefined && part !== "").join(" ");
