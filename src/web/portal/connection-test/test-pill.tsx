import { Pill } from "../pill.tsx";
import { useNow } from "../use-now.ts";
import type { TestProgress } from "./test-progress.ts";
import { hasWarning, stateWords } from "./test-words.ts";

const kinds = { running: "running", ok: "ok", failed: "bad", stopped: "plain", lost: "warn" } as const;

/** How the test stands, with the time while it runs. */
export const TestPill = ({ progress }: { progress: TestProgress }) => (
  <span className="test-pill">
    <Pill kind={progress.state === "ok" && hasWarning(progress.steps) ? "warn" : kinds[progress.state]}>
      {progress.state === "running" ? <RunningWords progress={progress} /> : stateWords(progress, 0)}
    </Pill>
  </span>
);

const RunningWords = ({ progress }: { progress: TestProgress }) => stateWords(progress, useNow(100));
