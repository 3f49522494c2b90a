import type { ProtocolView } from "../../../resources/protocols/schema.ts";
import { newHop } from "./hop-values.ts";
import { type NewSessionValues, withProtocol } from "./new-session-values.ts";
import type { ParsedTarget } from "./parse-target.ts";

/** The form's values with what a pasted target says; what it does not say stays. */
export const afterTarget = (
  values: NewSessionValues,
  target: ParsedTarget,
  protocols: readonly ProtocolView[],
): NewSessionValues => {
  const from = protocols.find(({ id }) => id === values.session_type);
  const to = protocols.find(({ id }) => id === target.protocol) ?? from;
  const moved = to === undefined ? values : withProtocol(values, from, to);
  const canRun = Object.keys(propertiesOf(to)).includes("command");
  return {
    ...moved,
    hostname: target.hostname,
    port: target.port === null ? moved.port : String(target.port),
    username: target.username ?? moved.username,
    jump_hosts: target.hops.length > 0 ? target.hops.map(newHop) : moved.jump_hosts,
    options: target.command !== null && canRun ? { ...moved.options, command: target.command } : moved.options,
  };
};

const propertiesOf = (protocol: ProtocolView | undefined): object => {
  const properties = protocol?.settings_schema.properties;
  return typeof properties === "object" && properties !== null ? properties : {};
};
