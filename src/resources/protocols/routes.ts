import type { Registry } from "../../http/registry.ts";
import { listProtocols } from "./list-protocols.ts";
import { listProtocolsRoute } from "./schema.ts";

export const mountProtocols = (registry: Registry): void => {
  registry.add(listProtocolsRoute, ({ principal }) => ({ status: 200, body: listProtocols(principal) }));
};
