import { existsSync } from "node:fs";
import { findDataDir } from "../config/data-dir.ts";
import { guacdAddresses } from "../config/guacd-addresses.ts";
import { guacdTimeouts } from "../config/guacd-timeouts.ts";
import { readGuacdAuthority } from "../config/read-guacd-authority.ts";
import type { Config } from "../config/schema.ts";
import { sshTimeouts } from "../config/ssh-timeouts.ts";
import { targetLists } from "../config/target-lists.ts";
import { systemClock } from "../core/clock.ts";
import type { Disposal } from "../core/disposal.ts";
import { silentLogger } from "../core/log.ts";
import { Secret } from "../core/secret.ts";
import { SessionFailure } from "../core/session-end.ts";
import { openDatabase } from "../db/open.ts";
import { createDiagnose, type Diagnose, type DoctorDeps } from "../doctor/diagnose.ts";
import type { GuacdAddress } from "../guacd/guacd-address.ts";
import { findGuacd } from "../guacd/guacd-binary.ts";
import { knockGuacd } from "../guacd/knock-guacd.ts";
import { ManagedGuacd } from "../guacd/managed-guacd.ts";
import { createKnownHostStore } from "../resources/known-hosts/store.ts";
import { certificateAuthorities } from "../roads/certificate-authorities.ts";
import { resolveName } from "../roads/resolve-name.ts";
import { createTargetPolicy } from "../roads/target-policy.ts";

/** The longest test. */
const wholeMs = 120_000;

/** A doctor with the configuration, allow-lists and known hosts of this installation, which it leaves as they are. */
export const createLocalDoctor = async (config: Config, disposal: Disposal): Promise<Diagnose> => {
  const own = { host: config.server.host, port: config.server.port };
  const policy = createTargetPolicy({ ...targetLists(config), ownListeners: () => [own] });
  return createDiagnose({
    policy: () => policy,
    resolve: resolveName,
    trust: { store: await readKnownHosts(config, disposal), policy: () => config.ssh.hostKeyPolicy },
    guacdAddress: createGuacdAddress(config, disposal),
    authorities: certificateAuthorities,
    limits: () => ({ ...sshTimeouts(config), guacd: guacdTimeouts(config) }),
    wholeMs,
    clock: systemClock,
    log: silentLogger,
  });
};

/** None are known where there is no database yet, and none is made. */
const readKnownHosts = async ({ server, database: { url } }: Config, disposal: Disposal) => {
  const path = (await findDataDir(server.dataDir))?.databasePath;
  if (!url && (path === undefined || !existsSync(path))) return { find: async () => [] };
  const database = openDatabase(url ?? new Secret(path ?? ""));
  disposal.add("database", () => database.close());
  return createKnownHostStore(database, systemClock);
};

/** A guacd that the configuration names; else one of our own for as long as the test runs, as the gateway has. */
const createGuacdAddress = (config: Config, disposal: Disposal): DoctorDeps["guacdAddress"] => {
  const { guacd } = config;
  return async (signal) => {
    const [first, ...others] = guacdAddresses(config, await readGuacdAuthority(config));
    if (first) return (await firstThatAnswers([first, ...others], guacdTimeouts(config).connectMs, signal)) ?? first;
    const path = guacd.path ?? (await findGuacd());
    if (path === null) throw new SessionFailure("guacd_failed", "guacd is not installed.", { fault: "guacd_down" });
    const managed = new ManagedGuacd({ path, log: silentLogger });
    disposal.add("guacd", () => managed.close());
    return (await managed.lease(signal)).address;
  };
};

const firstThatAnswers = async (addresses: readonly GuacdAddress[], timeoutMs: number, signal: AbortSignal) => {
  for (const address of addresses) {
    try {
      await knockGuacd(address, timeoutMs, signal);
      return address;
    } catch {
      signal.throwIfAborted();
    }
  }
  return undefined;
};
