import type { ICruiseOptions, IRegularForbiddenRuleType } from "dependency-cruiser";

// Who may import whom: the layer table of docs/architecture.md in the form that dependency-cruiser reads.

/** Folder of src → the folders beside it that it may import. */
const layers: Record<string, string[]> = {
  core: [],
  config: ["core"],
  db: ["core"],
  guacd: ["core"],
  ssh: ["core"],
  protocols: ["core"],
  roads: ["core", "ssh"],
  tunnel: ["core", "guacd"],
  access: ["core", "db"],
  metrics: ["core"],
  sessions: ["core", "db", "guacd", "ssh", "roads", "tunnel", "protocols"],
  doctor: ["core", "guacd", "ssh", "roads", "protocols", "sessions"],
  http: ["core", "access", "config"],
  resources: ["core", "config", "db", "sessions", "protocols", "doctor", "access", "http"],
};

const store = "(^|[/-])store\\.ts$";

/** Package → the files that may import it. A package without a line may be imported anywhere. */
export const homes: Record<string, string[]> = {
  hono: ["^src/http/", "^src/gateway\\.ts$", "^src/resources/[^/]+/routes\\.ts$"],
  "@hono/node-server": ["^src/http/", "^src/gateway\\.ts$"],
  "@hono/zod-openapi": ["^src/http/", "^src/resources/[^/]+/(routes|schema)\\.ts$"],
  "better-sqlite3": ["^src/db/"],
  kysely: ["^src/db/", "^migrations/", store],
  pg: ["^src/db/"],
  ssh2: ["^src/ssh/"],
  ws: ["^src/http/", "^src/tunnel/"],
  "guacamole-lite": ["^src/guacd/"],
  pino: ["^src/core/log\\.ts$"],
  commander: ["^src/cli/"],
  "smol-toml": ["^src/config/", "^src/cli/config\\.ts$"],
  "@glokon/guacamole-common-js": ["^src/web/session/"],
  react: ["^src/web/portal/"],
  "@mantine/core": ["^src/web/portal/"],
  "swagger-ui-dist": ["^src/web/api-docs/"],
};

const folderOf = (name: string) => `^src/${name}/`;
function rule(
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType["from"],
  to: IRegularForbiddenRuleType["to"],
): IRegularForbiddenRuleType {
  return { name, comment, severity: "error", from, to };
}

const layerRules = Object.entries(layers).map(([name, below]) =>
  rule(
    `layer-${name}`,
    `${name} may import ${below.join(", ") || "no other folder of src"}`,
    { path: folderOf(name) },
    { path: "^src/", pathNot: [name, ...below].map(folderOf) },
  ),
);

const homeRules = Object.entries(homes).map(([name, home]) =>
  rule(
    `home-of-${name}`,
    `${name} is the secret of the files that wrap it`,
    { path: "^(src|migrations)/", pathNot: home },
    { path: `(^|/)node_modules/(@types/)?${name}/` },
  ),
);

const shapeRules = [
  rule("no-cycle", "modules that import each other are one module", {}, { circular: true }),
  rule(
    "no-orphan",
    "nothing imports this file: it is dead",
    { orphan: true, path: "^src/", pathNot: ["^src/main\\.ts$", "\\.d\\.ts$"] },
    {},
  ),
  rule(
    "no-unknown-folder",
    "a new folder of src needs a line in the layer table",
    { path: "^src/[^/]+/", pathNot: [...Object.keys(layers), "cli", "web"].map(folderOf) },
    {},
  ),
  rule(
    "top-is-the-top",
    "only the command line builds a gateway",
    { path: "^src/", pathNot: ["^src/(cli/|main\\.ts$)"] },
    { path: ["^src/gateway\\.ts$", "^src/main\\.ts$", folderOf("cli")] },
  ),
  rule(
    "protocols-apart",
    "a protocol does not know the others",
    { path: "^src/protocols/([^/]+)/" },
    { path: "^src/protocols/[^/]+/", pathNot: "^src/protocols/$1/" },
  ),
  rule(
    "protocols-by-their-list",
    "the rest of the gateway reaches a protocol through the list of all",
    { path: "^src/", pathNot: folderOf("protocols") },
    { path: "^src/protocols/[^/]+/" },
  ),
  rule(
    "resources-by-index",
    "a resource shows the others its index.ts only",
    { path: "^src/resources/([^/]+)/" },
    { path: "^src/resources/[^/]+/", pathNot: ["^src/resources/$1/", "^src/resources/[^/]+/index\\.ts$"] },
  ),
  rule(
    "sql-in-stores",
    "only a store reads and writes the database",
    { path: "^src/(resources|access|sessions)/", pathNot: store },
    { path: folderOf("db") },
  ),
  rule(
    "browser-takes-types",
    "no server code in the browser",
    { path: folderOf("web") },
    { path: "^src/(?!web/)", dependencyTypesNot: ["type-only"] },
  ),
  rule(
    "browser-knows-schemas",
    "the browser knows the shapes on the wire and nothing else of the server",
    { path: folderOf("web") },
    { path: "^src/(?!web/)", pathNot: "^src/resources/[^/]+/schema\\.ts$" },
  ),
  rule(
    "server-without-browser",
    "the server never runs browser code",
    { path: "^src/(?!web/)" },
    { path: folderOf("web") },
  ),
  rule(
    "tests-stay-out",
    "the product does not need its tests",
    { path: "^(src|migrations)/" },
    { path: "^(test|scripts)/" },
  ),
];

export const rules = [...layerRules, ...homeRules, ...shapeRules];

export const options: ICruiseOptions = {
  doNotFollow: { path: "node_modules" },
  tsPreCompilationDeps: true, // type-only imports count too
  tsConfig: { fileName: "tsconfig.json" },
  enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
};
