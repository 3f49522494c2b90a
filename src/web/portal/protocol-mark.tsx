import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-outlines.ts";

const icons: Readonly<Record<string, IconName>> = { ssh: "prompt", rdp: "desktop", vnc: "screenShare", web: "globe" };

interface ProtocolMarkProps {
  protocol: string;
  /** The protocol's word stands beside it. */
  isLabelled?: boolean;
}

/** Tile with the protocol's icon in its colour. */
export const ProtocolMark = ({ protocol, isLabelled = false }: ProtocolMarkProps) => (
  <span
    className={`protocol-mark is-${protocol}`}
    {...(isLabelled ? { "aria-hidden": true } : { role: "img", "aria-label": protocol.toUpperCase() })}
  >
    <Icon name={icons[protocol] ?? "desktop"} />
  </span>
);
