import type { RoadTo } from "./road-to.ts";
import type { SessionMeter } from "./session-meter.ts";

/** The same roads, which tell the meter how long each connection to a target took to open. */
export const timeDials =
  (roadTo: RoadTo, meter: Pick<SessionMeter, "dialled">): RoadTo =>
  (request) => {
    const road = roadTo(request);
    return {
      ...road,
      connect: async (target, signal) => {
        const startMs = performance.now();
        const stream = await road.connect(target, signal);
        meter.dialled(request.protocol, (performance.now() - startMs) / 1000);
        return stream;
      },
    };
  };
