import { type KeyboardEvent, useRef } from "react";
import { Icon } from "./icon.tsx";
import { areSingleKeysOn } from "./single-keys.ts";

interface SearchFieldProps {
  /** The list is short enough to be seen at once, so that a phone needs no search for it. */
  isShort: boolean;
  /** Its name, and its placeholder. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** How much was found, read aloud. */
  status: string;
}

/** The search of a list; the slash focuses it, Esc clears it, arrows go on to the list. */
export const SearchField = ({ isShort, label, value, onChange, status }: SearchFieldProps) => {
  const field = useRef<HTMLInputElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      if (value === "") field.current?.blur();
      else onChange("");
    }
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      document.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus();
    }
  };
  return (
    <search className={isShort ? "search-field is-short" : "search-field"}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {value !== "" && <kbd>Esc</kbd>}
      {value === "" && areSingleKeysOn() && <kbd>/</kbd>}
      <span className="sr-only" role="status">
        {status}
      </span>
    </search>
  );
};
