import type { LoadedConfig } from "../../config/load.ts";
import { checkCertificate } from "./certificate.ts";
import { type Check, fail } from "./check.ts";
import { checkClock } from "./clock.ts";
import { checkDatabase } from "./database.ts";
import { checkDisk } from "./disk.ts";
import { checkFiles } from "./files.ts";
import { checkGuacd } from "./guacd.ts";
import { checkPort } from "./port.ts";
import { checkProxy } from "./proxy.ts";
import { checkRuntime } from "./runtime.ts";

/** Looks at the installation itself. Changes nothing; each check has a time limit of its own. */
export const checkGateway = async (loaded: LoadedConfig): Promise<Check[]> => {
  const { config, file } = loaded;
  const checks: readonly [name: string, run: () => Promise<Check[]>][] = [
    ["Node", checkRuntime],
    ["files", () => checkFiles(config, file)],
    ["database", () => checkDatabase(config)],
    ["guacd", () => checkGuacd(config)],
    ["port", () => checkPort(config)],
    ["proxy", async () => checkProxy(config)],
    ["certificate", () => checkCertificate(config)],
    ["clock", checkClock],
    ["disk", () => checkDisk(config)],
  ];
  const results = checks.map(([name, run]) =>
    run().catch((error: unknown): Check[] => [
      fail(name, `It could not be looked at: ${error instanceof Error ? error.message : String(error)}.`),
    ]),
  );
  return (await Promise.all(results)).flat();
};
