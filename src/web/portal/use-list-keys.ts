import { useEffect, useRef } from "react";
import { hasOwnEnter, keyIsFree } from "./key-is-free.ts";
import { areSingleKeysOn } from "./single-keys.ts";

interface ListKeys {
  count: number;
  /** Index of the chosen row, -1 when there is none. */
  chosen: number;
  onMove: (index: number) => void;
  onEnter: () => void;
  onDelete: () => void;
  /** To the buttons of the chosen row. */
  onMenu: () => void;
}

/** Walks a list from anywhere on the page: arrows or j and k, Home, End; Enter, Delete and a full stop act on the chosen row. */
export const useListKeys = (keys: ListKeys): void => {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { count, chosen, ...actions } = latest.current;
      if (count === 0 || event.shiftKey || !keyIsFree(event)) return;
      const target = targetOf(event.key, chosen, count);
      if (target !== null) actions.onMove(Math.min(count - 1, Math.max(0, target)));
      else if (event.key === "Enter" && !hasOwnEnter(event)) actions.onEnter();
      else if (event.key === "Delete") actions.onDelete();
      else if (event.key === "." && areSingleKeysOn()) actions.onMenu();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
};

const targetOf = (key: string, chosen: number, count: number): number | null => {
  const letter = areSingleKeysOn() ? key : "";
  if (key === "ArrowDown" || letter === "j") return chosen + 1;
  if (key === "ArrowUp" || letter === "k") return chosen - 1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
};
