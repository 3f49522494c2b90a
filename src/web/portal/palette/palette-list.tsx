// biome-ignore-all lint/a11y/useSemanticElements: groups of options belong to a list box, which HTML has no element for
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the field has the keys
import { Icon } from "../icon.tsx";
import { ProtocolMark } from "../protocol-mark.tsx";
import { areSingleKeysOn } from "../single-keys.ts";
import { MarkedText } from "./marked-text.tsx";
import { type PaletteEntry, paletteGroups } from "./palette-entry.ts";

interface PaletteListProps {
  id: string;
  entries: readonly PaletteEntry[];
  /** Index of the active option. */
  chosen: number;
  words: readonly string[];
  onRun: (entry: PaletteEntry, inNewWindow: boolean) => void;
}

export const PaletteList = ({ id, entries, chosen, words, onRun }: PaletteListProps) => (
  <div className="palette-list" id={id} {...(entries.length === 0 ? {} : { role: "listbox", "aria-label": "Found" })}>
    {entries.length === 0 && (
      <div className="palette-none">Nothing found. A host name or address starts a session.</div>
    )}
    {paletteGroups
      .filter((group) => entries.some((entry) => entry.group === group))
      .map((group) => (
        <div key={group} role="group" aria-label={group}>
          <div className="palette-group" aria-hidden="true">
            {group}
          </div>
          {entries.map((entry, index) =>
            entry.group === group ? (
              <div
                key={entry.id}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                className="palette-entry"
                onClick={(event) => onRun(entry, event.shiftKey)}
              >
                <EntryMark mark={entry.mark} />
                <div className="palette-words">
                  <bdi className="cut name">
                    <MarkedText text={entry.title} words={words} />
                  </bdi>
                  {entry.note !== undefined && (
                    <span className="cut note">
                      <MarkedText text={entry.note} words={words} />
                    </span>
                  )}
                </div>
                <EntryEnd entry={entry} isChosen={index === chosen} />
              </div>
            ) : null,
          )}
        </div>
      ))}
  </div>
);

const EntryMark = ({ mark }: Pick<PaletteEntry, "mark">) => {
  if ("protocol" in mark) return <ProtocolMark protocol={mark.protocol} />;
  return (
    <span className="protocol-mark">
      <Icon name={mark.icon} />
    </span>
  );
};

const EntryEnd = ({ entry, isChosen }: { entry: PaletteEntry; isChosen: boolean }) => (
  <span className="palette-end">
    {entry.verb}
    {!isChosen && areSingleKeysOn() && entry.keys?.map((key) => <kbd key={key}>{key}</kbd>)}
    {isChosen && <kbd>Enter</kbd>}
  </span>
);
