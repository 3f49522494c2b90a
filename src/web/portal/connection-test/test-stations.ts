import { measuredTime } from "../../measured-time.ts";
import type { Station, StationState } from "../../station.ts";
import type { TestProgress, TestStep } from "./test-progress.ts";
import { isLookup, type Place, type TestRoute } from "./test-route.ts";
import { stationNote } from "./test-words.ts";

/** The way as far as the test has come, for the drawing. */
export const testStations = (progress: TestProgress, route: TestRoute): Station[] => {
  const { hops, targetAddress } = route;
  const current = progress.steps.at(-1);
  const hasBroken = progress.state === "failed";
  const station = (place: Place, name: string, address: string): Pick<Station, "name" | "note" | "state"> => {
    const own = progress.steps.filter((each) => each.place === place && (each.state !== "ok" || !isLookup(each.step)));
    const state = stateOf(own, current, progress);
    if (state === "waiting") return { name, state, note: hasBroken ? "not reached" : address };
    if (state === "ok") return { name, state, note: measuredTime(own.reduce((sum, { ms }) => sum + (ms ?? 0), 0)) };
    const last = own.at(-1);
    return { name, state, ...(last === undefined ? {} : { note: stationNote(last) }) };
  };
  return [
    { kind: "you", name: "You", state: "ok" },
    { kind: "gateway", name: "Gateway", ...gatewayOf(progress) },
    ...hops.map(
      ({ hostname, port }, index): Station => ({
        kind: "hop",
        ...station(index + 1, hostname, `${hostname}:${port}`),
        ...(current?.step === "forward" ? { breaksBehind: true } : {}),
      }),
    ),
    { kind: "target", ...station("target", "Target", targetAddress) },
  ];
};

const stateOf = (
  own: readonly TestStep[],
  current: TestStep | undefined,
  { state }: TestProgress,
): Exclude<StationState, "plain"> => {
  const last = own.at(-1);
  if (last === undefined) return "waiting";
  if (last.state === "failed") return "failed";
  if (last.state === "running") return "running";
  // A station is done when the next one has begun; between two steps of it, it still runs.
  if (last !== current || state === "ok") return "ok";
  return state === "running" ? "running" : "waiting";
};

/** The session host stands beside the gateway. */
const gatewayOf = ({ steps }: TestProgress): Pick<Station, "state" | "note"> => {
  const own = steps.findLast(({ place }) => place === "host" || place === "gateway");
  if (own?.state !== "running" && own?.state !== "failed") return { state: "ok" };
  return { state: own.state, note: own.place === "host" ? "session host" : stationNote(own) };
};
