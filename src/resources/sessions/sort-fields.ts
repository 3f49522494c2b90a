import { AppError, invalidField } from "../../core/errors.ts";
import { isEmpty } from "../../http/validate.ts";
import type { SessionProtocol } from "../../protocols/protocol.ts";
import { laterFields } from "./later-fields.ts";
import { legacyHopSchema } from "./schema.ts";

export interface SortedFields {
  /** The protocol's own non-secret fields. */
  readonly settings: Record<string, unknown>;
  /** Those that say how to sign in, still to be checked. */
  readonly credentials: Record<string, unknown>;
}

/**
 * Splits the fields of a create request that are not common to all protocols. Templates send every field, so null, "",
 * false and [] count as absent; any other value of a field that the protocol does not have is refused by name. Hops are read
 * elsewhere.
 */
export const sortFields = (fields: Readonly<Record<string, unknown>>, protocol: SessionProtocol): SortedFields => {
  const sorted: SortedFields = { settings: {}, credentials: {} };
  const settingNames = Object.keys(protocol.settingsSchema.properties ?? {});
  for (const [name, value] of Object.entries(fields)) {
    if (isEmpty(value) || isHopField(name)) continue;
    if (protocol.credentialFields.includes(name)) sorted.credentials[name] = value;
    else if (settingNames.includes(name)) sorted.settings[name] = value;
    else if (laterFields.has(name))
      throw new AppError("not_supported", `${name}: is not supported yet`, { field: name });
    else throw invalidField(name, `is not a field of ${protocol.id} sessions`);
  }
  return sorted;
};

const isHopField = (name: string): boolean => name === "jump_hosts" || Object.hasOwn(legacyHopSchema.shape, name);
