import { newId } from "../core/ids.ts";
import type { Actor } from "../core/principal.ts";
import type { Tx } from "./transact.ts";

export interface AuditEvent {
  readonly actor: Actor;
  /** What was done, as `<object kind>.<verb>`: `session.create`. */
  readonly action: string;
  readonly objectId: string;
  /** Facts without secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Writes the audit row of a change; belongs in the transaction of that change, so that neither is without the other. */
export const record = async (tx: Tx, event: AuditEvent, nowMs: number): Promise<void> => {
  const { principal, requestId, address } = event.actor;
  await tx
    .insertInto("audit")
    .values({
      id: newId(),
      at: nowMs,
      actor_kind: principal.kind,
      actor_id: principal.id,
      actor_name: principal.name,
      action: event.action,
      object_kind: event.action.split(".")[0] ?? event.action,
      object_id: event.objectId,
      details: JSON.stringify(event.details ?? {}),
      request_id: requestId ?? null,
      address: address ?? null,
    })
    .execute();
};
