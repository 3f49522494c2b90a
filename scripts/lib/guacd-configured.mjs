import { existsSync, readFileSync } from "node:fs";

/** Whether the configuration names a guacd: the gateway reads it properly, here the two keys are enough. */
export function isGuacdConfigured(serveArgs, env = process.env) {
  const names = ["PATH", "ADDRESSES"].flatMap((key) => [`SALLYPORT_GUACD_${key}`, `SALLYPORT_GUACD_${key}_FILE`]);
  if (names.some((name) => env[name])) return true;
  const at = serveArgs.findIndex((arg) => arg === "--config" || arg.startsWith("--config="));
  const given =
    at < 0 ? undefined : serveArgs[at].includes("=") ? serveArgs[at].slice("--config=".length) : serveArgs[at + 1];
  const file = given ?? env.SALLYPORT_CONFIG ?? "sallyport.toml";
  return existsSync(file) && namesGuacd(readFileSync(file, "utf8"));
}

/** Whether a TOML text sets guacd.path or guacd.addresses. */
export function namesGuacd(toml) {
  const section = toml.split(/^[ \t]*(?=\[)/m).find((part) => /^\[[ \t]*guacd[ \t]*\]/.test(part)) ?? "";
  const set = section ? /^[ \t]*(path|addresses)[ \t]*=/m.test(section) : false;
  return set || /^[ \t]*guacd[ \t]*\.[ \t]*(path|addresses)[ \t]*=/m.test(toml);
}
