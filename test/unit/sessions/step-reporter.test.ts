import { expect, test } from "vitest";
import type { Notice } from "../../../src/core/notices.ts";
import { StepReporter } from "../../../src/sessions/step-reporter.ts";

const told: string[] = [];
const reporter = () => {
  told.length = 0;
  return new StepReporter((notice: Extract<Notice, { kind: "step" }>) => {
    told.push(`${notice.step}${notice.hop ?? ""} ${notice.state}`);
  });
};
const limitSeconds = 10;

test("a step ends when the next begins, and a browser that comes later hears of each once", () => {
  const steps = reporter();
  steps.begin({ step: "policy", limitSeconds });
  steps.begin({ step: "hop", hop: 1, limitSeconds });
  steps.begin({ step: "hop", hop: 2, limitSeconds });
  expect(told).toEqual(["policy running", "policy done", "hop1 running", "hop1 done", "hop2 running"]);
  told.length = 0;
  steps.repeat();
  expect(told).toEqual(["policy done", "hop1 done", "hop2 running"]);
});

test("a step that is gone back to takes back those behind it, and what ran is not told as done", () => {
  const steps = reporter();
  for (const step of ["policy", "target", "host", "picture"] as const) steps.begin({ step, limitSeconds });
  told.length = 0;
  steps.begin({ step: "target", limitSeconds });
  expect(told).toEqual(["target running"]);
  told.length = 0;
  steps.repeat();
  expect(told).toEqual(["policy done", "target running"]);
  told.length = 0;
  steps.begin({ step: "host", limitSeconds });
  expect(told).toEqual(["target done", "host running"]);
});
