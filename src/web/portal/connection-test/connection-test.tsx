import { Button } from "@mantine/core";
import { useMemo } from "react";
import { protocolIcon } from "../../protocol-icon.ts";
import { Dialog } from "../dialog.tsx";
import { DrawnPath } from "../drawn-path.tsx";
import { Icon } from "../icon.tsx";
import { Notice } from "../notice.tsx";
import type { Problem } from "../problem.ts";
import { useCopied } from "../use-copied.ts";
import { problemWords } from "../words.ts";
import { TestPill } from "./test-pill.tsx";
import { testReport } from "./test-report.ts";
import type { Place, TestRoute } from "./test-route.ts";
import { testStations } from "./test-stations.ts";
import { TestSteps } from "./test-steps.tsx";
import { placeName, routeWords, stateWords, stepTitle } from "./test-words.ts";
import { useConnectionTest } from "./use-connection-test.ts";
import "./connection-test.css";

export interface ConnectionTestInput {
  /** The body of `POST /api/sessions`. */
  readonly body: object;
  readonly route: TestRoute;
  /** Back to the form, at the station that failed. */
  readonly onEdit: (place: Place) => void;
  readonly onRefused: (problem: Problem) => void;
  readonly onStart: () => void;
  /** The dialog was closed, and the form is there again. */
  readonly onLeft: () => void;
}

/** Tries the way to a target step by step without making a session, and tells where it breaks. */
export const ConnectionTest = ({
  body,
  route,
  onEdit,
  onRefused,
  onStart,
  onClose,
}: Omit<ConnectionTestInput, "onLeft"> & { onClose: () => void }) => {
  const { progress, stop, again } = useConnectionTest({ body, onRefused });
  const stations = useMemo(() => testStations(progress, route), [progress, route]);
  const { isCopied, copy } = useCopied(testReport(progress, route));
  const isRunning = progress.state === "running";
  const failedAt = progress.state === "failed" ? progress.steps.at(-1)?.place : undefined;
  return (
    <Dialog
      title={
        <>
          Test connection
          <span className="test-route cut">
            <bdi>{routeWords(route)}</bdi>
          </span>
        </>
      }
      beside={<TestPill progress={progress} />}
      size={780}
      onClose={onClose}
    >
      <DrawnPath className="test-path" stations={stations} targetIcon={protocolIcon(route.protocol)} />
      {progress.problem !== null && <TestProblem problem={progress.problem} />}
      <TestSteps progress={progress} route={route} />
      <div className="test-foot">
        <Button
          variant={progress.state === "failed" || progress.state === "lost" ? "filled" : "default"}
          leftSection={<Icon name={isRunning ? "stop" : "stethoscope"} />}
          onClick={isRunning ? stop : again}
          data-autofocus
        >
          {isRunning ? "Stop" : "Test again"}
        </Button>
        {progress.state === "ok" && <Button onClick={onStart}>Start session</Button>}
        {(typeof failedAt === "number" || failedAt === "target") && (
          <Button variant="default" onClick={() => onEdit(failedAt)}>
            Edit {placeName(failedAt).toLowerCase()}
          </Button>
        )}
        {!isRunning && (
          <Button variant="subtle" leftSection={<Icon name="copy" />} onClick={() => void copy()}>
            {isCopied ? "Copied" : "Copy report"}
          </Button>
        )}
        <span className="note">
          {isRunning ? "Signs in to the hops, never to the target." : "Report holds no passwords or keys."}
        </span>
      </div>
      <div className="sr-only" role="status">
        {isCopied ? "Copied" : lastWords(progress)}
      </div>
    </Dialog>
  );
};

type Progress = ReturnType<typeof useConnectionTest>["progress"];

/** What is read aloud: the result of each step, and of the whole. */
const lastWords = (progress: Progress): string => {
  if (progress.state !== "running") return stateWords(progress, Date.now());
  const last = progress.steps.findLast(({ state }) => state !== "running");
  return last === undefined
    ? ""
    : `${stepTitle(last)}: ${last.state === "failed" ? "failed" : last.state === "ok" ? "done" : "done, with a warning"}`;
};

const TestProblem = ({ problem }: { problem: Problem }) => {
  const { title, text } = problem.isSilence
    ? { title: "The connection to the gateway was lost", text: "How the test went on is not known. Test again." }
    : problemWords(problem);
  return (
    <div className="test-problem">
      <Notice title={`${title}.`}>{text}</Notice>
    </div>
  );
};
