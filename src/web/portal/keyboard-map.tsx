import { Button } from "@mantine/core";
import { Dialog } from "./dialog.tsx";
import { commandKey } from "./hint-bar.tsx";
import { isAdmin } from "./me.ts";
import { useShell } from "./shell.ts";
import { areSingleKeysOn } from "./single-keys.ts";
import "./keyboard-map.css";

interface Line {
  readonly keys: readonly string[];
  readonly text: string;
  readonly isSingle?: boolean;
}

/** Every key of the portal and the session page, on one screen. */
const KeyboardMap = ({ onClose }: { onClose: () => void }) => {
  const { me, newSession } = useShell();
  const hasSingle = areSingleKeysOn();
  const everywhere: Line[] = [
    { keys: [commandKey, "K"], text: "Search or run a command" },
    { keys: ["/"], text: "Find in this list", isSingle: true },
    ...(newSession === null ? [] : [{ keys: ["N"], text: "New session", isSingle: true }]),
    { keys: ["G", "S"], text: "Go to Sessions", isSingle: true },
    ...(isAdmin(me) ? [{ keys: ["G", "A"], text: "Go to Admin", isSingle: true }] : []),
    { keys: ["?"], text: "This map", isSingle: true },
    { keys: ["Esc"], text: "Close the top layer, clear the search" },
  ];
  return (
    <Dialog title="Keyboard shortcuts" size={720} onClose={onClose}>
      <div className="keyboard-map">
        <Group title="Everywhere" lines={everywhere} hasSingle={hasSingle} />
        <Group title="Lists" lines={listLines} hasSingle={hasSingle} />
        <Group title="In a session" lines={sessionLines} hasSingle={hasSingle} />
      </div>
      <p className="note keyboard-map-note">
        {hasSingle
          ? "Single letters and signs never act while you type in a field. They can be switched off in the account menu."
          : "Single letters and signs are switched off. The account menu switches them on."}
      </p>
      <div className="dialog-buttons">
        <Button variant="default" onClick={onClose} data-autofocus>
          Close
        </Button>
      </div>
    </Dialog>
  );
};
export default KeyboardMap;

const listLines: readonly Line[] = [
  { keys: ["↑", "↓"], text: "Choose a row" },
  { keys: ["j", "k"], text: "The same", isSingle: true },
  { keys: ["Home", "End"], text: "First, last row" },
  { keys: ["Enter"], text: "Main action of the row" },
  { keys: ["."], text: "To the buttons of the row", isSingle: true },
  { keys: ["Del"], text: "End or delete, after a question" },
];

const sessionLines: readonly Line[] = [
  { keys: ["Ctrl", "Alt", "Shift"], text: "Session tools, or back to the target" },
  { keys: ["Esc"], text: "Close a panel" },
];

const Group = ({ title, lines, hasSingle }: { title: string; lines: readonly Line[]; hasSingle: boolean }) => (
  <section>
    <h3>{title}</h3>
    <dl>
      {lines
        .filter((line) => hasSingle || !line.isSingle)
        .map(({ keys, text }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  </section>
);
