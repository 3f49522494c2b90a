import type { AdminKeyRow } from "../../access/admin-key-store.ts";
import { toRfc3339 } from "../../core/clock.ts";
import type { Secret } from "../../core/secret.ts";
import type { Registry } from "../../http/registry.ts";
import { type ChangeAdminKeyDeps, changeAdminKey } from "./change-admin-key.ts";
import { createAdminKey } from "./create-admin-key.ts";
import { listAdminKeys } from "./list-admin-keys.ts";
import {
  type AdminKeyView,
  createAdminKeyRoute,
  deleteAdminKeyRoute,
  disableAdminKeyRoute,
  enableAdminKeyRoute,
  type FreshAdminKeyView,
  listAdminKeysRoute,
  rotateAdminKeyRoute,
} from "./schema.ts";

export type AdminKeyDeps = ChangeAdminKeyDeps;

export const mountAdminKeys = (registry: Registry, deps: AdminKeyDeps): void => {
  const list = listAdminKeys(deps);
  const create = createAdminKey(deps);
  const change = changeAdminKey(deps);

  registry.add(listAdminKeysRoute, async ({ principal, query }) => {
    const { keys, total } = await list(principal, query);
    return { status: 200, body: keys.map(toView), headers: { "X-Total-Count": String(total) } };
  });

  registry.add(createAdminKeyRoute, async ({ actor, body }) => {
    const { name, allowed_ips, expires_at } = body;
    const expiresAtMs = expires_at ? Date.parse(expires_at) : null;
    return {
      status: 201,
      body: toFreshView(await create(actor, { name, allowedIps: allowed_ips ?? [], expiresAtMs })),
    };
  });

  registry.add(disableAdminKeyRoute, async ({ actor, params }) => ({
    status: 200,
    body: toView(await change.disable(actor, params.id)),
  }));

  registry.add(enableAdminKeyRoute, async ({ actor, params }) => ({
    status: 200,
    body: toView(await change.enable(actor, params.id)),
  }));

  registry.add(rotateAdminKeyRoute, async ({ actor, params }) => ({
    status: 200,
    body: toFreshView(await change.rotate(actor, params.id)),
  }));

  registry.add(deleteAdminKeyRoute, async ({ actor, params }) => {
    await change.delete(actor, params.id);
    return { status: 204 };
  });
};

const time = (epochMs: number | null): string | null => (epochMs === null ? null : toRfc3339(epochMs));

const toView = (row: AdminKeyRow): AdminKeyView => ({
  id: row.id,
  name: row.name,
  allowed_ips: [...row.allowedIps],
  expires_at: time(row.expiresAtMs),
  disabled: row.disabledAtMs !== null,
  created_at: toRfc3339(row.createdAtMs),
  last_used_at: time(row.lastUsedAtMs),
});

const toFreshView = ({ row, key }: { row: AdminKeyRow; key: Secret<string> }): FreshAdminKeyView => ({
  ...toView(row),
  key: key.reveal(),
});
