/** A short state beside a name. */
export const Pill = ({ kind, children }: { kind: "plain" | "ok" | "warn" | "bad"; children: string }) => (
  <span className={`pill is-${kind}`}>{children}</span>
);
