import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import { ConfigError, describeFault } from "../config/config-error.ts";
import { loadKey, openDataDir, sweepRunPath } from "../config/data-dir.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { Settings } from "../config/settings.ts";
import { systemClock } from "../core/clock.ts";
import { createLogger, type Logger } from "../core/log.ts";
import type { Secret } from "../core/secret.ts";
import { version } from "../core/version.ts";
import { lockDataDir } from "../db/lock.ts";
import type { Gateway } from "../gateway.ts";
import { type CommonOptions, commonOptions } from "./common.ts";

const stopTimeoutMs = 9_000;

export const serveCommand = (program: Command): void => {
  program
    .command("serve")
    .description("run the gateway in the foreground")
    .action((_: unknown, command: Command) => serve(commonOptions(command)));
};

/** Resolves when a signal has stopped the gateway. */
const serve = async ({ config: file, json }: CommonOptions): Promise<void> => {
  const stopSignal = nextStopSignal();
  const settings = new Settings(() => loadConfig(file === undefined ? {} : { file }));
  const log = createLogger({ level: settings.config.log.level, pretty: isPretty(settings.config) });
  endOnUnexpectedError(log);
  let running: Gateway | undefined;
  let reloading = Promise.resolve();
  process.on("SIGHUP", () => {
    reloading = reloading.then(() => reload(settings, running, log));
  });
  const dataDir = await openDataDir(settings.config.server.dataDir);
  const lock = lockDataDir(dataDir.path);
  try {
    if (dataDir.isOpenToOthers) log.warn({ dataDir: dataDir.path }, "data directory found open to other users");
    await sweepRunPath(dataDir);
    const key = await loadKey(dataDir);
    // Loaded here, so that the other commands start without the server's packages.
    const { startGateway } = await import("../gateway.ts");
    const gateway = await startGateway({ settings, dataDir, key, clock: systemClock, log });
    running = gateway;
    log.info({ url: gateway.url, pid: process.pid, version, dataDir: dataDir.path }, "listening");
    if (json) process.stdout.write(`${JSON.stringify({ url: gateway.url, pid: process.pid })}\n`);
    if (gateway.firstKey) showFirstKey(gateway.firstKey, gateway.url);
    log.info({ signal: await stopSignal }, "stopping");
    const inTime = await Promise.race([gateway.close().then(() => true), wait(stopTimeoutMs, false)]);
    if (!inTime) log.warn({ stopTimeoutMs }, "stopping took too long, left the rest");
  } finally {
    lock.release();
  }
  log.info("stopped");
};

/** The first SIGTERM or SIGINT; a second one ends the process at once. */
const nextStopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  });

const isPretty = ({ log: { format } }: Config): boolean =>
  format === "pretty" || (format === "auto" && process.stderr.isTTY);

/** Rereads configuration, certificate and guacds, each by itself: what is broken is reported and the old one stays. Never rejects. */
const reload = async (settings: Settings, gateway: Gateway | undefined, log: Logger): Promise<void> => {
  const attempt = async (refusal: string, work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.error({ reasons: reasonsOf(error) }, refusal);
    }
  };
  await attempt("configuration refused, old values kept", () => {
    const { applied, waiting } = settings.reload();
    log.level = settings.config.log.level;
    log.info({ applied, waitingForRestart: waiting }, "configuration reread");
  });
  await attempt("certificate refused, old one kept", async () => {
    const certificate = await gateway?.reloadCertificate();
    if (certificate) log.info(certificate, "certificate reread");
  });
  await attempt("guacd authority refused, old one kept", () => gateway?.reloadGuacds());
};

const reasonsOf = (error: unknown): string[] =>
  error instanceof ConfigError
    ? error.faults.map(describeFault)
    : [error instanceof Error ? error.message : String(error)];

/** After an error that nobody caught the state is unknown: it is logged once and the process ends. */
const endOnUnexpectedError = (log: Logger): void => {
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "unexpected error");
    process.exit(1);
  });
};

/** Outside the log, which may be kept for long. */
const showFirstKey = (key: Secret<string>, url: string): void => {
  process.stderr.write(
    `\n  Open ${url} and sign in with this admin key. It is shown only this once:\n\n    ${key.reveal()}\n\n`,
  );
};
