import { authorize } from "../../access/authorize.ts";
import type { Principal } from "../../core/principal.ts";
import { protocols } from "../../protocols/index.ts";
import type { ProtocolView } from "./schema.ts";

/** What a form for a new session is drawn from, in the order in which people are to choose. */
export const listProtocols = (principal: Principal): ProtocolView[] => {
  authorize(principal, "protocol:list");
  return [...protocols.values()].map((protocol) => ({
    id: protocol.id,
    label: protocol.label,
    default_port: protocol.defaultPort,
    settings_schema: { ...protocol.settingsSchema },
    credential_fields: [...protocol.credentialFields],
    admin_fields: [...protocol.adminFields],
  }));
};
