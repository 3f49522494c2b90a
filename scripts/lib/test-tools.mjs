import { existsSync } from "node:fs";
import { join } from "node:path";
import { must, rootPrefix, which } from "./run.mjs";
import { SetupError, step } from "./steps.mjs";

/** Programs that the tests start, or a file of what has none, and Debian's packages of them. */
const packageOf = {
  chromium: "chromium",
  sshd: "openssh-server",
  "ssh-keygen": "openssh-client",
  ps: "procps",
  ip: "iproute2",
  git: "git",
  vim: "vim",
  Xtigervnc: "tigervnc-standalone-server",
  tigervncpasswd: "tigervnc-tools",
  xrdp: "xrdp",
  "/usr/lib/xorg/modules/drivers/xrdpdev_drv.so": "xorgxrdp",
  xterm: "xterm",
  xinput: "xinput",
  xdpyinfo: "x11-utils",
  mmdebstrap: "mmdebstrap",
  "systemd-analyze": "systemd",
};

/** What these packages would start at boot. */
const services = ["ssh", "xrdp", "xrdp-sesman"];

export async function provideTestTools(root) {
  const missing = Object.keys(packageOf).filter((program) => !isProvided(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => packageOf[program]);
  const disabled = services.flatMap((service) => ["--disable", service]);
  const install = ["sh", join(root, "scripts/install-packages.sh"), ...disabled, ...packages];
  const next = `Run as root:\n    apt-get update && ${install.join(" ")}`;
  const prefix = rootPrefix();
  if (!prefix || !which("apt-get")) throw new SetupError(`The tests need ${missing.join(", ")}.`, next);
  await step(`Installing ${packages.join(", ")} for the tests`, async () => {
    const [program, ...args] = [...prefix, "apt-get", "update", "-q"];
    await must(program, args, { next });
    const [installer, ...installArgs] = [...prefix, ...install];
    await must(installer, installArgs, { next });
  });
}

function isProvided(program) {
  return program.startsWith("/") ? existsSync(program) : which(program) !== undefined;
}
