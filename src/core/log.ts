import { type DestinationStream, pino } from "pino";

/**
 * What the gateway logs with: one event in the past tense, its facts as fields. Ids and opcodes may be logged; elements,
 * keys, tokens and passwords never.
 */
export type Logger = pino.Logger;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** The second net under `Secret`: names that never hold anything worth printing, at the depths we log. */
const neverPrinted = ["password", "private_key", "passphrase", "key", "token", "cookie", "authorization"];

/** Logs JSON lines to `destination`, or (pretty) text for people. */
export const createLogger = (options: {
  level: LogLevel;
  pretty: boolean;
  destination?: DestinationStream;
}): Logger => {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: neverPrinted.flatMap((name) => [name, `*.${name}`]), censor: "[secret]" },
  };
  if (options.destination) return pino(settings, options.destination);
  if (!options.pretty) return pino(settings, pino.destination({ dest: 2, sync: true }));
  // Levels travel to the pretty printer as numbers: a worker cannot take the formatter function.
  const { formatters: _, ...plain } = settings;
  return pino({
    ...plain,
    transport: { target: "pino-pretty", options: { destination: 2, translateTime: "HH:MM:ss" } },
  });
};

/** A logger that says nothing, for parts that run without one. */
export const silentLogger: Logger = pino({ level: "silent" });
