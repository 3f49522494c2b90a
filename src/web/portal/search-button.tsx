import { commandKey } from "./hint-bar.tsx";
import { Icon } from "./icon.tsx";
import { useShell } from "./shell.ts";

/** Looks like a field and opens the palette, which has the real one. */
export const SearchButton = () => (
  <button type="button" className="search-button" aria-haspopup="dialog" onClick={useShell().openPalette}>
    <Icon name="search" />
    <span>Search or run a command</span>
    <kbd>{commandKey}</kbd>
    <kbd>K</kbd>
  </button>
);
