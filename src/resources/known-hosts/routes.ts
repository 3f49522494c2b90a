import type { Registry } from "../../http/registry.ts";
import { approveKnownHost } from "./approve-known-host.ts";
import { forgetKnownHost } from "./forget-known-host.ts";
import { listKnownHosts } from "./list-known-hosts.ts";
import { approveKnownHostRoute, forgetKnownHostRoute, listKnownHostsRoute } from "./schema.ts";
import type { KnownHostStore } from "./store.ts";
import { toView } from "./view.ts";

export const mountKnownHosts = (registry: Registry, deps: { store: KnownHostStore }): void => {
  const list = listKnownHosts(deps);
  const approve = approveKnownHost(deps);
  const forget = forgetKnownHost(deps);

  registry.add(listKnownHostsRoute, async ({ principal, query }) => {
    const { hosts, total } = await list(principal, query);
    return { status: 200, body: hosts.map(toView), headers: { "X-Total-Count": String(total) } };
  });

  registry.add(approveKnownHostRoute, async ({ actor, params }) => ({
    status: 200,
    body: toView(await approve(actor, params.id)),
  }));

  registry.add(forgetKnownHostRoute, async ({ actor, params }) => {
    await forget(actor, params.id);
    return { status: 204 };
  });
};
