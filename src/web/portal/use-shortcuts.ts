import { useEffect, useRef } from "react";
import { keyIsFree } from "./key-is-free.ts";
import type { PagePath } from "./paths.ts";
import { areSingleKeysOn } from "./single-keys.ts";
import { goTo } from "./use-path.ts";

interface Shortcuts {
  onPalette: () => void;
  onKeyboardMap: () => void;
  /** Absent when the person may not make sessions. */
  onNew: (() => void) | null;
  /** Where the second letter after G leads. */
  places: Readonly<Record<string, PagePath>>;
}

/** How long G waits for its second letter. */
const waitForSecondMs = 1500;

/** The keys that work on every page. */
export const useShortcuts = (shortcuts: Shortcuts): void => {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let gAtMs = 0;
    const act = (key: string): boolean => {
      const { onPalette: _, onKeyboardMap, onNew, places } = latest.current;
      const place = places[key];
      const isSecond = Date.now() - gAtMs < waitForSecondMs;
      gAtMs = key === "g" ? Date.now() : 0;
      if (isSecond && place !== undefined) goTo(place);
      else if (key === "?") onKeyboardMap();
      else if (key === "n" && onNew !== null) onNew();
      else if (key === "/") return focusSearch();
      else return false;
      return true;
    };
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      if (key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        if (document.querySelector('[role="dialog"]') === null) latest.current.onPalette();
        return;
      }
      if (!areSingleKeysOn() || !keyIsFree(event)) return;
      if (act(key)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
};

const focusSearch = (): boolean => {
  const field = document.querySelector<HTMLInputElement>("input[type=search]");
  field?.focus();
  field?.select();
  return field !== null;
};
