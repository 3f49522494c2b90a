import { Modal, useMantineColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import "../modal-styles.ts";
import { type KeyboardEvent, useId, useState } from "react";
import { Icon } from "../icon.tsx";
import { useShell } from "../shell.ts";
import { useFocusBack } from "../use-focus-back.ts";
import { commandEntries } from "./command-entries.ts";
import { findEntries, wordsOf } from "./find-entries.ts";
import type { PaletteEntry } from "./palette-entry.ts";
import { PaletteList } from "./palette-list.tsx";
import { sessionEntries } from "./session-entries.ts";
import "./palette.css";

/** Search and commands over whatever page is open: arrows choose, Enter acts, Shift+Enter opens a new window. */
const Palette = ({ onClose }: { onClose: () => void }) => {
  const shell = useShell();
  const { setColorScheme } = useMantineColorScheme();
  const isPhone = useMediaQuery("(max-width: 599px)", false, { getInitialValueInEffect: false });
  const [query, setQuery] = useState("");
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [nowMs] = useState(Date.now);
  const listId = useId();
  useFocusBack();

  const typed = query.replace(/^>/, "").trim();
  const entries = findEntries(
    [...sessionEntries(shell, nowMs), ...commandEntries(shell, typed, setColorScheme)],
    query,
  );
  const found = entries.findIndex(({ id }) => id === chosenId);
  const chosen = Math.max(0, found);
  const chosenEntry = entries[chosen];

  const run = (entry: PaletteEntry, inNewWindow: boolean) => {
    onClose();
    if (inNewWindow && entry.address !== undefined) window.open(entry.address, "_blank", "noopener");
    else entry.act();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setChosenId(entries[(chosen + 1) % entries.length]?.id ?? null);
    else if (event.key === "ArrowUp") setChosenId(entries.at(chosen - 1)?.id ?? null);
    else if (event.key === "Enter" && chosenEntry !== undefined) run(chosenEntry, event.shiftKey);
    else return;
    event.preventDefault();
  };

  return (
    <Modal.Root
      opened
      onClose={onClose}
      returnFocus={false}
      size={660}
      yOffset={96}
      fullScreen={isPhone}
      padding={0}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay className="dialog-veil" />
      <Modal.Content className="dialog" radius="lg" aria-label="Search or run a command">
        <div className="palette">
          <div className="palette-head">
            <Icon name="search" size={18} />
            <input
              data-autofocus
              role="combobox"
              aria-label="Search or run a command"
              aria-expanded={entries.length > 0}
              aria-controls={listId}
              aria-autocomplete="list"
              aria-activedescendant={chosenEntry === undefined ? undefined : `${listId}-${chosen}`}
              placeholder="Search or run a command"
              value={query}
              autoComplete="off"
              spellCheck={false}
              maxLength={1000}
              onChange={(event) => {
                setQuery(event.currentTarget.value);
                setChosenId(null);
              }}
              onKeyDown={onKeyDown}
            />
            <button type="button" className="palette-close" aria-label="Esc, close" onClick={onClose}>
              <kbd>Esc</kbd>
            </button>
          </div>
          <PaletteList id={listId} entries={entries} chosen={chosen} words={wordsOf(query)} onRun={run} />
          <span className="sr-only" role="status">
            {query === "" ? "" : `${entries.length} found`}
          </span>
          <div className="palette-foot">
            <span className="hint">
              <kbd>↑</kbd> <kbd>↓</kbd> Choose
            </span>
            <span className="hint">
              <kbd>Shift</kbd> <kbd>Enter</kbd> New window
            </span>
            <span className="hint-bar-facts">
              Type <b>&gt;</b> for commands only
            </span>
          </div>
        </div>
      </Modal.Content>
    </Modal.Root>
  );
};
export default Palette;
