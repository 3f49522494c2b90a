import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ask } from "./ask.mjs";
import { debianKeyring, debianMirrors, debianRelease, readSources } from "./debian-mirrors.mjs";
import { hasTerminal, must, rootPrefix, which } from "./run.mjs";
import { SetupError, say, step } from "./steps.mjs";

const plugins = ["ssh", "vnc", "rdp"];
const betterWay =
  "In production, run a current guacd (1.6 or newer) yourself and name it: SALLYPORT_GUACD_ADDRESSES=host:4822, or addresses under [guacd] in sallyport.toml.";

/** Gets a guacd for this host, unless it has one or the configuration names another. */
export async function provideGuacd(root, serveArgs) {
  if (isConfigured(serveArgs) || isInstalled()) return;
  const plan = planFor(existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "", root);
  const prefix = rootPrefix();
  say("• No guacd with the ssh, vnc and rdp plug-ins was found. The gateway needs one to draw sessions.");
  if (!prefix) throw new SetupError("This user may not install packages.", plan.byHand);
  for (const line of plan.notice) say(`  ${line}`);
  if (hasTerminal && !(await ask("Install it now?"))) {
    throw new SetupError("Without a guacd the gateway cannot run.", betterWay);
  }
  if (!hasTerminal) say("  No terminal to ask on: going on, because this user may install packages.");
  await step("Installing guacd 1.3.0", async () => {
    const [program, ...args] = [...prefix, ...plan.command];
    await must(program, args, { next: plan.byHand });
    if (!isInstalled()) throw new SetupError("guacd was installed, but its plug-ins were not found.", betterWay);
  });
}

/** What to run, as root, on this system, and what to tell before. */
function planFor(osRelease, root) {
  const release = debianRelease(osRelease);
  const mirrors = release && debianMirrors(readSources(), release.codename);
  const keyring = debianKeyring();
  if (!release || release.version < 12 || !mirrors || !keyring) {
    throw new SetupError(
      "No guacd was found, and the set-up knows only how to get one on Debian 12 or newer with Debian's own package sources.",
      `Install guacd with its ssh, vnc and rdp plug-ins from your distribution, or name its binary with SALLYPORT_GUACD_PATH. ${betterWay}`,
    );
  }
  const old =
    release.version > 12
      ? " About 24 other old packages come along, because Debian 13 no longer has their versions."
      : "";
  const command = ["sh", join(root, "scripts/install-guacd.sh"), mirrors.main, mirrors.security, keyring];
  return {
    command,
    byHand: `Run as root:\n    ${command.map((word) => `'${word}'`).join(" ")}\n  ${betterWay}`,
    notice: [
      `Debian ${release.version} has no guacd package. The set-up adds Debian 11's (bullseye) from ${mirrors.main}`,
      "  in /etc/apt/sources.list.d/sallyport-bullseye.sources, with the low priority 100 in /etc/apt/preferences.d/sallyport-bullseye,",
      `  so that no other package changes, and installs guacd 1.3.0.${old} Its own service is not started and stays disabled.`,
      "Version 1.3.0 lacks the fixes of 1.6, among them those of known memory-safety faults that a hostile target can use.",
      betterWay,
    ],
  };
}

/** Whether the configuration names a guacd: the gateway reads it properly, here the two keys are enough. */
export function isConfigured(serveArgs, env = process.env) {
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

/** Whether this host has a guacd, and beside it or in the system's library folders every plug-in. */
function isInstalled() {
  const guacd = which("guacd");
  if (!guacd) return false;
  const bases = [join(dirname(dirname(guacd)), "lib"), "/usr/lib", "/usr/lib64", "/usr/local/lib"].filter(existsSync);
  const folders = bases.flatMap((base) => [
    base,
    ...readdirSync(base)
      .filter((name) => name.includes("-linux-"))
      .map((name) => join(base, name)),
  ]);
  return plugins.every((plugin) => folders.some((folder) => existsSync(join(folder, `libguac-client-${plugin}.so`))));
}
