import { Fragment, type ReactNode } from "react";
import { useShell } from "./shell.ts";
import { areSingleKeysOn } from "./single-keys.ts";

export interface Hint {
  readonly keys: readonly string[];
  readonly text: string;
  /** A letter or sign, which people can switch off. */
  readonly isSingle?: boolean;
}

interface HintBarProps {
  /** The keys of the chosen row come first. */
  hints?: readonly Hint[];
  /** What the page has to say of itself. */
  facts?: ReactNode;
}

const most = 7;

/** The keys that work here and now. Not drawn where touch is the main pointer. */
export const HintBar = ({ hints = [], facts }: HintBarProps) => {
  const { newSession, openKeyboardMap } = useShell();
  const hasSingle = areSingleKeysOn();
  const everywhere: Hint[] = [
    ...(newSession === null ? [] : [{ keys: ["N"], text: "New session", isSingle: true }]),
    { keys: [commandKey, "K"], text: "Search or run a command" },
  ];
  const shown = [...hints, ...everywhere].filter((hint) => hasSingle || !hint.isSingle).slice(0, most);
  return (
    <footer className="hint-bar">
      {shown.map((hint) => (
        <span className={everywhere.includes(hint) ? "hint is-everywhere" : "hint"} key={hint.text}>
          {hint.keys.map((key) => (
            <Fragment key={key}>
              <kbd>{key}</kbd>{" "}
            </Fragment>
          ))}
          {hint.text}
        </span>
      ))}
      <span className="hint-bar-facts">{facts}</span>
      <button type="button" className="hint hint-button" onClick={openKeyboardMap}>
        {hasSingle && (
          <>
            <kbd>?</kbd>{" "}
          </>
        )}
        All shortcuts
      </button>
    </footer>
  );
};

/** How this computer's keyboard calls the key that goes with K. */
export const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
