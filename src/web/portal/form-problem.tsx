import { Notice } from "./notice.tsx";
import type { Problem } from "./problem.ts";
import { problemWords } from "./words.ts";

/** A refusal that belongs to no field, with its code and request for those who search for it. */
export const FormProblem = ({ problem }: { problem: Problem }) => {
  const { title, text } = problemWords(problem);
  return (
    <Notice title={`${title}.`}>
      {text}
      <div className="notice-facts">
        <code>{problem.code}</code>
        {problem.requestId !== null && (
          <>
            {" "}
            Request <code>{problem.requestId}</code>
          </>
        )}
      </div>
    </Notice>
  );
};
