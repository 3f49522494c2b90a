import { Fragment } from "react";
import type { SessionView } from "../../resources/sessions/schema.ts";
import { durationWords } from "./duration-words.ts";
import { areSingleKeysOn } from "./single-keys.ts";
import { useNow } from "./use-now.ts";

interface HintBarProps {
  /** The row the keys act on. */
  chosen?: SessionView | undefined;
  mayMake: boolean;
  /** When the page was last known to be true. */
  seenAtMs: number;
}

/** The keys that work here and now, and how old the page is. Not drawn where touch is the main pointer. */
export const HintBar = ({ chosen, mayMake, seenAtMs }: HintBarProps) => (
  <footer className="hint-bar">
    {chosen !== undefined && <Hint keys={["↑", "↓"]} text="Choose" />}
    {chosen?.status === "pending" && <Hint keys={["Enter"]} text="Open" />}
    {chosen?.status === "active" && <Hint keys={["Enter"]} text="Return" />}
    {chosen?.status === "ended" && mayMake && <Hint keys={["Enter"]} text="Start again" />}
    {chosen !== undefined && chosen.status !== "ended" && <Hint keys={["Del"]} text="End" />}
    {mayMake && areSingleKeysOn() && <Hint keys={["N"]} text="New session" />}
    <span className="hint-bar-facts">
      <Age seenAtMs={seenAtMs} />
    </span>
  </footer>
);

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

const Age = ({ seenAtMs }: { seenAtMs: number }) => <>Updated {durationWords(useNow(1000) - seenAtMs)} ago</>;
