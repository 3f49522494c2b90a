import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ask } from "./ask.mjs";
import { debianKeyring, debianMirrors, debianRelease, readSources } from "./debian-mirrors.mjs";
import { isGuacdConfigured } from "./guacd-configured.mjs";
import { hasTerminal, must, rootPrefix, which } from "./run.mjs";
import { SetupError, say, step } from "./steps.mjs";

const plugins = ["ssh", "vnc", "rdp"];
const betterWay =
  "In production, run a current guacd (1.6 or newer) yourself and name it: SALLYPORT_GUACD_ADDRESSES=host:4822, or addresses under [guacd] in sallyport.toml.";

/** Gets a guacd for this host, unless it has one or the configuration names another. */
export async function provideGuacd(root, serveArgs) {
  if (isGuacdConfigured(serveArgs) || isInstalled()) return;
  const plan = planFor(existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "", root);
  const prefix = rootPrefix();
  say("• No guacd with the ssh, vnc and rdp plug-ins was found. The gateway needs one to draw sessions.");
  for (const line of plan.notice) say(`  ${line}`);
  if (!prefix) throw new SetupError("This user may not install packages.", plan.byHand);
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
  const command = ["sh", join(root, "scripts/install-guacd.sh"), mirrors.main, mirrors.security, keyring];
  const shown = command.map((word) => (/^[\w/:.-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  return {
    command,
    byHand: `Run as root:\n    ${shown}\n  ${betterWay}`,
    notice: [
      `Debian ${release.version} has no package of it. The set-up can add Debian 11's (bullseye) and install guacd 1.3.0:`,
      `  from     ${mirrors.main} (else from Debian's archive)`,
      "  written  /etc/apt/sources.list.d/sallyport-bullseye.sources",
      "           /etc/apt/preferences.d/sallyport-bullseye: priority 100, so no package that Debian still has changes",
      ...(release.version > 12
        ? ["  also     about 24 old packages that guacd needs and this Debian no longer has"]
        : []),
      "  service  not started and disabled: the gateway runs guacd itself",
      "Version 1.3.0 lacks the fixes of 1.6, among them known memory-safety faults that a hostile target can use.",
      betterWay,
    ],
  };
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
