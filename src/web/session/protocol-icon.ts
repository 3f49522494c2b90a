import type { IconName } from "../icons.ts";

const icons: Readonly<Record<string, IconName>> = { ssh: "terminal", web: "globe" };

/** The outline that stands for a protocol; those with a desktop share one. */
export const protocolIcon = (sessionType: string): IconName => icons[sessionType] ?? "display";
