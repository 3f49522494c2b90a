import { Fragment } from "react";
import { durationWords } from "./duration-words.ts";
import { areSingleKeysOn } from "./single-keys.ts";
import { useNow } from "./use-now.ts";

interface HintBarProps {
  /** Which rows the keys walk. */
  rows: "live" | "ended" | "none";
  mayMake: boolean;
  /** When the page was last known to be true. */
  seenAtMs: number;
}

/** The keys that work here and now, and how old the page is. Not drawn where touch is the main pointer. */
export const HintBar = ({ rows, mayMake, seenAtMs }: HintBarProps) => (
  <footer className="hint-bar">
    {rows !== "none" && <Hint keys={["↑", "↓"]} text="Choose" />}
    {rows === "live" && <Hint keys={["Enter"]} text="Open or return" />}
    {rows === "live" && <Hint keys={["Del"]} text="End" />}
    {rows === "ended" && mayMake && <Hint keys={["Enter"]} text="Start again" />}
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
