import { authorize } from "../../access/authorize.ts";
import type { Principal } from "../../core/principal.ts";
import type { Registry } from "../../http/registry.ts";
import { type AboutView, aboutRoute } from "./schema.ts";

export interface AboutDeps {
  readonly version: string;
  readonly guacd: () => AboutView["guacd"];
}

const readAbout = (deps: AboutDeps, principal: Principal): AboutView => {
  authorize(principal, "about:read");
  return { version: deps.version, node: process.versions.node, guacd: deps.guacd() };
};

export const mountAbout = (registry: Registry, deps: AboutDeps): void => {
  registry.add(aboutRoute, ({ principal }) => ({ status: 200, body: readAbout(deps, principal) }));
};
