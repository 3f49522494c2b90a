import type { IconName } from "../icon-outlines.ts";

export const paletteGroups = ["Running sessions", "Do", "Go to"] as const;

export interface PaletteEntry {
  readonly id: string;
  readonly group: (typeof paletteGroups)[number];
  readonly title: string;
  /** A second, smaller line; it is searched too. */
  readonly note?: string;
  /** A session's protocol, or the icon of a command. */
  readonly mark: { readonly protocol: string } | { readonly icon: IconName };
  /** The verb at the end of a session's line. */
  readonly verb?: string;
  /** The keys that do the same without the palette. */
  readonly keys?: readonly string[];
  /** What Enter does. */
  readonly act: () => void;
  /** What Shift+Enter opens in a new window. */
  readonly address?: string;
}
