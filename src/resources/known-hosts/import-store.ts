import type { KeyPlace } from "../../core/key-place.ts";
import type { ShownKey } from "../../core/known-key.ts";
import type { Actor } from "../../core/principal.ts";
import type { Tx } from "../../db/transact.ts";
import { atPlace, writeKey } from "./row-store.ts";

/** A key that a file vouches for, or revokes. */
export interface ImportedKey extends ShownKey {
  readonly place: KeyPlace;
  readonly isRevoked: boolean;
}

export interface ImportCount {
  readonly imported: number;
  /** Were known, and vouched for, already. */
  readonly known: number;
  /** Were at a place of the file with nobody but sessions to vouch for them, and are gone. */
  readonly replaced: number;
}

/** Takes keys over. A revoked key stays revoked, and a trusted one makes what sessions have met at its place give way. */
export const importKeys = async (
  tx: Tx,
  keys: readonly ImportedKey[],
  { actor, nowMs }: { actor: Actor; nowMs: number },
): Promise<ImportCount> => {
  const [count, given] = [{ imported: 0, known: 0, replaced: 0 }, { origin: "import", actor, nowMs } as const];
  for (const { place, isRevoked, ...shown } of keys) {
    const known = await tx
      .selectFrom("known_host")
      .select(["state", "origin"])
      .where(atPlace(place))
      .where("fingerprint", "=", shown.fingerprint)
      .executeTakeFirst();
    const stands = known?.state === "revoked" || (known?.state === "trusted" && known.origin !== "session");
    if (stands && (known.state === "revoked" || !isRevoked)) {
      count.known++;
      continue;
    }
    const [state, verb] = isRevoked ? (["revoked", "revoke"] as const) : (["trusted", "import"] as const);
    await writeKey(tx, { ...given, place, shown, state, verb });
    count.imported++;
  }
  for (const { place } of keys.filter(({ isRevoked }) => !isRevoked)) {
    const gone = tx.deleteFrom("known_host").where(atPlace(place)).where("origin", "=", "session");
    count.replaced += Number((await gone.executeTakeFirst()).numDeletedRows);
  }
  return count;
};
