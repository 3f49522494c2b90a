import { Button } from "@mantine/core";
import { Blank } from "./blank.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Countdown } from "./countdown.tsx";
import { Icon } from "./icon.tsx";
import type { Problem } from "./problem.ts";
import { problemWords } from "./words.ts";

interface ErrorBlockProps {
  problem: Problem;
  /** When the page tries again by itself. */
  retryAtMs: number | null;
  onRetry: () => void;
}

/** A page that could not be read: what failed, its code for those who search for it, and when it is tried again. */
export const ErrorBlock = ({ problem, retryAtMs, onRetry }: ErrorBlockProps) => {
  const { title, text } = problemWords(problem);
  return (
    <Blank
      icon="alert"
      title={title}
      text={text}
      isError
      isWholePage
      actions={
        <Button onClick={onRetry} leftSection={<Icon name="again" />}>
          Try again
        </Button>
      }
    >
      <div className="error-facts">
        <div>
          <code>{problem.code}</code>{" "}
          <span aria-live="off">
            {problem.isSilence && problem.detail}
            {retryAtMs !== null && (
              <>
                {problem.isSilence ? ", next try in " : "Next try in "}
                <Countdown untilMs={retryAtMs} />
              </>
            )}
          </span>
          {problem.requestId !== null && (
            <div>
              Request <code>{problem.requestId}</code>
            </div>
          )}
        </div>
        <CopyButton label="Copy details" text={detailsOf(problem)} />
      </div>
    </Blank>
  );
};

const detailsOf = (problem: Problem): string =>
  [
    `${problem.code}: ${problem.detail}`,
    ...(problem.requestId === null ? [] : [`request ${problem.requestId}`]),
    new Date().toISOString(),
  ].join("\n");
