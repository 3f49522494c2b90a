import { Fragment } from "react";
import { durationWords } from "./duration-words.ts";
import { areSingleKeysOn } from "./single-keys.ts";
import { useNow } from "./use-now.ts";
import type { SessionsState } from "./use-sessions.ts";

interface HintBarProps {
  state: SessionsState;
  mayMake: boolean;
}

/** The keys that work here and now, and how old the page is. Not drawn where touch is the main pointer. */
export const HintBar = ({ state, mayMake }: HintBarProps) => {
  const hasRows = state.sessions !== null && state.sessions.length > 0;
  return (
    <footer className="hint-bar">
      {hasRows && (
        <>
          <Hint keys={["↑", "↓"]} text="Choose" />
          <Hint keys={["Enter"]} text="Open or return" />
          <Hint keys={["Del"]} text="End" />
        </>
      )}
      {mayMake && areSingleKeysOn() && <Hint keys={["N"]} text="New session" />}
      <span className="hint-bar-facts">{state.sessions !== null && <Age state={state} />}</span>
    </footer>
  );
};

const Hint = ({ keys, text }: { keys: readonly string[]; text: string }) => (
  <span className="hint">
    {keys.map((key) => (
      <Fragment key={key}>
        <kbd>{key}</kbd>{" "}
      </Fragment>
    ))}
    {text}
  </span>
);

const Age = ({ state }: { state: SessionsState }) => {
  const nowMs = useNow(1000);
  return <>Updated {durationWords(nowMs - state.seenAtMs)} ago</>;
};
