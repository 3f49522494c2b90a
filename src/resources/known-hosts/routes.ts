import { toRfc3339 } from "../../core/clock.ts";
import type { Registry } from "../../http/registry.ts";
import { forgetKnownHost } from "./forget-known-host.ts";
import { listKnownHosts } from "./list-known-hosts.ts";
import { forgetKnownHostRoute, type KnownHostView, listKnownHostsRoute } from "./schema.ts";
import type { KnownHost, KnownHostStore } from "./store.ts";

export const mountKnownHosts = (registry: Registry, deps: { store: KnownHostStore }): void => {
  const list = listKnownHosts(deps);
  const forget = forgetKnownHost(deps);

  registry.add(listKnownHostsRoute, async ({ principal, query }) => {
    const { hosts, total } = await list(principal, query);
    return { status: 200, body: hosts.map(toView), headers: { "X-Total-Count": String(total) } };
  });

  registry.add(forgetKnownHostRoute, async ({ actor, params }) => {
    await forget(actor, params.id);
    return { status: 204 };
  });
};

const toView = (host: KnownHost): KnownHostView => ({
  id: host.id,
  path: host.path,
  host: host.host,
  port: host.port,
  key_type: host.keyType,
  public_key: host.publicKey,
  fingerprint: host.fingerprint,
  first_seen_at: toRfc3339(host.firstSeenAtMs),
  first_seen_by: host.firstSeenBy,
  last_seen_at: toRfc3339(host.lastSeenAtMs),
});
