import type { TestProgress } from "./test-progress.ts";
import { untried } from "./test-progress.ts";
import type { TestRoute } from "./test-route.ts";
import { finding, listPlaces, routeWords, stateWords, stepTitle } from "./test-words.ts";

/** The test as text for somebody who can help. It says what the gateway said, which holds no secret. */
export const testReport = (progress: TestProgress, route: TestRoute): string => {
  const { hops, targetAddress } = route;
  const way = hops.map(({ hostname, port }, index) => `hop ${index + 1} ${hostname}:${port}`);
  const behind = untried(progress, route);
  return [
    `Connection test: ${routeWords(route)}`,
    `Path: ${["gateway", ...way, `target ${targetAddress}`].join(" → ")}`,
    `Started: ${new Date(progress.startedAtMs).toISOString()}`,
    `Outcome: ${stateWords(progress, progress.startedAtMs)}`,
    "",
    ...progress.steps.flatMap((step) => [
      `${marks[step.state]}  ${stepTitle(step)}, ${step.ms ?? 0} ms: ${finding(step)}`,
      ...(step.cause === null ? [] : [`        ${step.cause}`]),
      ...step.fix.map((each, index) => `        ${index + 1}. ${each}`),
    ]),
    ...(behind.length > 0 && progress.state !== "ok" ? [`not tried  ${listPlaces(behind)}`] : []),
  ].join("\n");
};

const marks = { running: "running", ok: "ok", warning: "warning", failed: "FAILED" } as const;
