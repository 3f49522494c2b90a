import { isIP } from "node:net";
import { guacdAddresses } from "../../config/guacd-addresses.ts";
import { guacdTimeouts } from "../../config/guacd-timeouts.ts";
import { readGuacdAuthority } from "../../config/read-guacd-authority.ts";
import type { Config } from "../../config/schema.ts";
import { addressList } from "../../core/address-list.ts";
import { SessionFailure } from "../../core/session-end.ts";
import { askArguments } from "../../guacd/ask-arguments.ts";
import { describeAddress, type GuacdAddress } from "../../guacd/guacd-address.ts";
import { findGuacd, guacdWarning, readGuacdVersion } from "../../guacd/guacd-binary.ts";
import { protocols } from "../../protocols/index.ts";
import { resolveName } from "../../roads/resolve-name.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Whether there is a guacd, in which version, what it serves, and who else can reach it; each one of a pool. */
export const checkGuacd = async (config: Config): Promise<Check[]> => {
  if (config.guacd.addresses.length === 0) return checkOwn(config);
  const addresses = guacdAddresses(config, await readGuacdAuthority(config));
  const checks = addresses.map(async (address) => [
    ...(await checkServices(config, address)),
    await checkReach(address),
  ]);
  return (await Promise.all(checks)).flat();
};

const checkOwn = async ({ guacd }: Config): Promise<Check[]> => {
  const path = guacd.path ?? (await findGuacd());
  if (path === null)
    return [fail("guacd", "It is not installed.", "Run npm start, or set guacd.path or guacd.addresses.")];
  try {
    const version = await readGuacdVersion(path);
    const warning = guacdWarning(version);
    const reach = ok("guacd's reach", "The gateway runs it on loopback, for itself.");
    if (warning === null) return [ok("guacd", `${path} is version ${version}.`), reach];
    return [warn("guacd", `${path} is version ${version}: ${warning}.`, "Install guacd 1.6.0 or newer."), reach];
  } catch {
    return [fail("guacd", `${path} cannot be run, or tells no version.`, "Install guacd anew, or correct guacd.path.")];
  }
};

const checkServices = async (config: Config, address: GuacdAddress): Promise<Check[]> => {
  const place = describeAddress(address);
  try {
    const signal = AbortSignal.timeout(checkLimitMs);
    const asked = [...protocols.keys()].map((protocol) =>
      askArguments({ address, protocol, timeouts: guacdTimeouts(config), signal }),
    );
    const [first] = await Promise.all(asked);
    const spoken = first?.version.replace("VERSION_", "").replaceAll("_", ".") ?? "";
    const served = [...protocols.values()].map(({ label }) => label).join(", ");
    const answer = `guacd at ${place} serves ${served} (protocol ${spoken}).`;
    if (spoken === "1.5.0") return [ok("guacd", `${answer} It tells no version: see that it is 1.6.0 or newer.`)];
    return [warn("guacd", `${answer} ${beforeFive}`, "Install guacd 1.6.0 or newer.")];
  } catch (error) {
    const detail = error instanceof SessionFailure ? error.end.detail : "It did not answer in time.";
    return [fail("guacd", `${place}: ${detail}`, "Start guacd, or correct guacd.addresses.")];
  }
};

const beforeFive = "It is older than 1.5, and versions before 1.6.0 have known memory faults.";
const checkLimitMs = 30_000;

/** guacd asks nobody who they are. */
const checkReach = async (address: GuacdAddress): Promise<Check> => {
  const { host, tls } = address;
  const place = `guacd at ${describeAddress(address)}`;
  const addresses = isIP(host) ? [host] : await resolveName(host).catch(() => []);
  if (addresses.length > 0 && addresses.every(loopback.has))
    return ok("guacd's reach", `${place} is on loopback: programs of this host alone can reach it.`);
  if (tls)
    return ok("guacd's reach", `${place} is reached over TLS. Let no other host than this one connect to its port.`);
  return warn(
    "guacd's reach",
    `${place} is not on loopback and without TLS. It has no authentication: whoever reaches its port can use it, and what is typed can be read on the way.`,
    "Let a firewall admit this host alone, and use TLS (tls://host:port), or run guacd on this host.",
  );
};

const loopback = addressList(["127.0.0.0/8", "::1"]);
