import { access, constants } from "node:fs/promises";
import { silentLogger } from "../../src/core/log.ts";
import type { GuacdAddress } from "../../src/guacd/guacd-address.ts";
import { findGuacd } from "../../src/guacd/guacd-binary.ts";
import type { GuacdLease } from "../../src/guacd/guacd-source.ts";
import { ManagedGuacd } from "../../src/guacd/managed-guacd.ts";

export interface TestGuacd {
  readonly address: GuacdAddress;
  readonly lease: GuacdLease;
  /** What `lease` came from, for tests that end guacd in between. */
  readonly source: ManagedGuacd;
  close(): Promise<void>;
}

/** The guacd under test, on a port of its own. The caller closes it. */
export const startGuacd = async (): Promise<TestGuacd> => {
  const path = await guacdPath();
  const source = new ManagedGuacd({ path, log: silentLogger });
  try {
    const lease = await source.lease(AbortSignal.timeout(10_000));
    return { address: lease.address, lease, source, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
};

/** The program that `SALLYPORT_TEST_GUACD` names, else the host's own. */
export const guacdPath = async (): Promise<string> => {
  const given = process.env.SALLYPORT_TEST_GUACD;
  if (given) {
    await access(given, constants.X_OK).catch(() => {
      throw new Error(`SALLYPORT_TEST_GUACD names ${given}, which cannot be run.`);
    });
    return given;
  }
  const path = await findGuacd();
  if (path === null) throw new Error("These tests need guacd on this machine; `npm test` installs it.");
  return path;
};

/** What gives a gateway the same guacd, added to its environment; one that is told of a running guacd keeps that. */
export const withTestGuacd = <E extends Readonly<Record<string, string | undefined>>>(environment: E) => {
  const path = process.env.SALLYPORT_TEST_GUACD;
  return path && !environment.SALLYPORT_GUACD_ADDRESSES ? { SALLYPORT_GUACD_PATH: path, ...environment } : environment;
};
