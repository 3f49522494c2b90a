import { type EndReason, endReasons } from "../core/session-end.ts";
import { type Count, Counter } from "./counter.ts";
import { Histogram } from "./histogram.ts";
import type { Metric } from "./metric.ts";

const directions = ["down", "up"] as const;
const quotas = ["api", "session_create", "sign_in", "key", "connections"] as const;
const statusClasses = ["1xx", "2xx", "3xx", "4xx", "5xx"] as const;

const dialBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const pictureBounds = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60];
const lagBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** What the gateway counts while it runs, and the metrics that tell it. */
export const createGatewayCounts = (protocols: readonly string[]) => {
  const byProtocol = protocols.map((protocol) => ({ protocol }));
  const ends = new Counter({
    name: "sallyport_session_ends_total",
    help: "Sessions that ended, by end reason.",
    known: endReasons.map((reason) => ({ reason })),
  });
  const dial = new Histogram({
    name: "sallyport_target_dial_seconds",
    help: "Time from dialling to an open connection to the target, hops included; failed dials are not counted.",
    bounds: dialBounds,
    known: byProtocol,
  });
  const picture = new Histogram({
    name: "sallyport_session_first_picture_seconds",
    help: "Time from the first browser to the first whole picture, less what people took to answer questions.",
    bounds: pictureBounds,
    known: byProtocol,
  });
  const stalls = new Counter({
    name: "sallyport_guacd_stalls_total",
    help: "Sessions whose guacd fell silent.",
    known: [{}],
  });
  const secondStarts = new Counter({
    name: "sallyport_session_second_starts_total",
    help: "Sessions started again because their guacd was lost before the first picture.",
    known: [{}],
  });
  const bytes = new Counter({
    name: "sallyport_tunnel_bytes_total",
    help: "Bytes between browsers and sessions: down to browsers, up from them.",
    known: directions.flatMap((direction) => byProtocol.map(({ protocol }) => ({ protocol, direction }))),
  });
  const answers = new Counter({
    name: "sallyport_http_answers_total",
    help: "Answered HTTP requests, by class of status; an opened WebSocket is 1xx.",
    known: statusClasses.map((status) => ({ status })),
  });
  const refusals = new Counter({
    name: "sallyport_rate_limited_total",
    help: "Calls and connections refused as too many, by the limit that they met.",
    known: quotas.map((limit) => ({ limit })),
  });
  const lag = new Histogram({
    name: "sallyport_event_loop_lag_seconds",
    help: "How late the event loop came to a timer that was due.",
    bounds: lagBounds,
    known: [{}],
  });
  const metrics: readonly Metric[] = [ends, dial, picture, stalls, secondStarts, bytes, answers, refusals, lag];
  const stalled = stalls.of({});
  const secondStart = secondStarts.of({});
  return {
    metrics,
    sessionEnded: (reason: EndReason) => ends.of({ reason }).add(),
    dialled: (protocol: string, seconds: number) => dial.observe({ protocol }, seconds),
    drawn: (protocol: string, seconds: number) => picture.observe({ protocol }, seconds),
    stalled: () => stalled.add(),
    startedAgain: () => secondStart.add(),
    traffic: (protocol: string): Record<(typeof directions)[number], Count> => ({
      down: bytes.of({ protocol, direction: "down" }),
      up: bytes.of({ protocol, direction: "up" }),
    }),
    answered: (status: number) => answers.of({ status: statusClasses[Math.floor(status / 100) - 1] ?? "5xx" }).add(),
    rateLimited: (limit: (typeof quotas)[number]) => refusals.of({ limit }).add(),
    lagged: (seconds: number) => lag.observe({}, seconds),
  };
};
