import { toRfc3339 } from "../../core/clock.ts";
import type { KnownHostView } from "./schema.ts";
import type { KnownHost } from "./store.ts";

/** A key as the API and the command line show it. */
export const toView = (host: KnownHost): KnownHostView => ({
  id: host.id,
  kind: host.kind,
  path: host.path,
  host: host.host,
  port: host.port,
  key_type: host.keyType,
  public_key: host.publicKey,
  fingerprint: host.fingerprint,
  state: host.state,
  origin: host.origin,
  first_seen_at: toRfc3339(host.firstSeenAtMs),
  first_seen_by: host.firstSeenBy,
  last_seen_at: timeOrNull(host.lastSeenAtMs),
  last_seen_by: host.lastSeenBy,
  decided_at: timeOrNull(host.decidedAtMs),
  decided_by: host.decidedBy,
});

const timeOrNull = (ms: number | null): string | null => (ms === null ? null : toRfc3339(ms));
