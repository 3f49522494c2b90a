import type { ReactNode } from "react";
import "./pill.css";

interface PillProps {
  kind: "plain" | "ok" | "warn" | "bad" | "running";
  children: ReactNode;
}

/** A short state beside a name. */
export const Pill = ({ kind, children }: PillProps) => <span className={`pill is-${kind}`}>{children}</span>;
