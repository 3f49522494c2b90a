import { useEffect, useRef } from "react";
import { measuredTime } from "../../measured-time.ts";
import { Icon } from "../icon.tsx";
import { useNow } from "../use-now.ts";
import { mergedSteps, scaleOf, type TestProgress, type TestStep, untried } from "./test-progress.ts";
import type { TestRoute } from "./test-route.ts";
import { finding, listPlaces, placeName, stepTitle } from "./test-words.ts";

interface TestStepsProps {
  progress: TestProgress;
  route: TestRoute;
}

/** The steps of a test, with bars on one common scale, and what lies behind them. */
export const TestSteps = ({ progress, route }: TestStepsProps) => {
  const list = useRef<HTMLOListElement>(null);
  const { steps, state } = progress;
  const nowMs = useNow(state === "running" ? 100 : 60_000);
  const timed = mergedSteps(progress, route).map((step) => ({
    step,
    ms: step.ms ?? Math.max(0, nowMs - step.sinceMs),
  }));
  const last = timed.at(-1);
  const scaleMs = scaleOf(last === undefined ? 0 : last.step.offsetMs + last.ms);
  const behind = state === "ok" ? [] : untried(progress, route);

  // The step that runs stays in view where the list is longer than the screen.
  useEffect(() => {
    if (steps.length > 0) list.current?.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" });
  }, [steps]);

  return (
    <ol className="test-steps" aria-label="Steps" ref={list}>
      {timed.map(({ step, ms }, index) => (
        <StepRow
          key={`${step.step} ${step.subject}`}
          step={step}
          ms={ms}
          scaleMs={scaleMs}
          isCurrent={index === timed.length - 1}
        />
      ))}
      {state === "running"
        ? behind.map((place) => <WaitingRow key={place} title={placeName(place)} />)
        : behind.length > 0 && <WaitingRow title={listPlaces(behind)} note="not tried" />}
    </ol>
  );
};

interface StepRowProps {
  step: TestStep;
  ms: number;
  scaleMs: number;
  isCurrent: boolean;
}

const faces = { running: "arc", ok: "check", warning: "alert", failed: "close" } as const;
const faceWords = { running: "Running", ok: "Done", warning: "Done, with a warning", failed: "Failed" } as const;

const StepRow = ({ step, ms, scaleMs, isCurrent }: StepRowProps) => (
  <li data-state={step.state} {...(isCurrent ? { "data-current": true } : {})}>
    <span className="test-face">
      <Icon name={faces[step.state]} size={13} />
      <span className="sr-only">{faceWords[step.state]}: </span>
    </span>
    <span className="test-title">
      <span className="name">{stepTitle(step)}</span>
      {!hasAdvice(step) && <span className="test-finding">{finding(step)}</span>}
    </span>
    <svg className="test-bar" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="test-bar-whole" width={1000} height={6} />
      <rect
        className="test-bar-part"
        x={Math.min(990, (step.offsetMs / scaleMs) * 1000)}
        width={Math.max(10, (ms / scaleMs) * 1000)}
        height={6}
      />
    </svg>
    <span className="test-ms">{measuredTime(ms)}</span>
    {hasAdvice(step) && <Advice step={step} />}
  </li>
);

const hasAdvice = ({ state }: TestStep): boolean => state === "failed" || state === "warning";

/** Why the test ends here, or what has no effect, and what to do, as the gateway says it. */
const Advice = ({ step: { message, fix, cause } }: { step: TestStep }) => {
  const [title = "", ...rest] = (message ?? "").split(/(?<=\.) /);
  return (
    <div className="test-advice">
      <p className="test-cause">{title}</p>
      {rest.length > 0 && <p>{rest.join(" ")}</p>}
      {fix.length > 0 && (
        <>
          <p className="test-fix-title">What to do</p>
          <ol>
            {fix.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ol>
        </>
      )}
      {cause !== null && <code>{cause}</code>}
    </div>
  );
};

const WaitingRow = ({ title, note }: { title: string; note?: string }) => (
  <li data-state="waiting">
    <span className="test-face">
      <Icon name="minus" size={13} />
    </span>
    <span className="test-title">
      {title}
      {note !== undefined && <span className="test-finding">{note}</span>}
    </span>
    <span className="test-bar" />
    <span className="test-ms">–</span>
  </li>
);
