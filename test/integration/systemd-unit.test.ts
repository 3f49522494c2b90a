import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { guacdPath } from "../support/guacd.ts";
import { endProcess } from "../support/run-cli.ts";
import { isSync } from "../support/session-api.ts";
import { type SshHost, startSshHost } from "../support/ssh-host.ts";
import { openTunnel, typeText } from "../support/tunnel-client.ts";
import { untilListening } from "../support/until-listening.ts";

// packaging/sallyport.service as systemd's own tools judge it, and the gateway under what the unit takes away from it.

const run = promisify(execFile);
const project = resolve(import.meta.dirname, "../..");
const unitPath = join(project, "packaging/sallyport.service");
const unit = await readFile(unitPath, "utf8");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-unit-"));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const valuesOf = (key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value);

describe("systemd", () => {
  test("finds no fault in the unit", async () => {
    // It looks for the program, which is installed here and not in /opt.
    const copy = join(folder, "sallyport.service");
    await writeFile(copy, unit.replaceAll("/opt/sallyport", project));
    const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", copy]);
    expect(stdout + stderr).toBe("");
  });

  test("would find one: a program that is not there, a key that it does not know", async () => {
    const copy = join(folder, "broken.service");
    await writeFile(copy, unit.replace("ExecStart=/opt", "ExecStart=/nowhere"));
    await expect(run("systemd-analyze", ["verify", "--man=no", copy])).rejects.toThrow("is not executable");
    await writeFile(copy, unit.replaceAll("/opt/sallyport", project).replace("ProtectClock=", "ProtectClocks="));
    const { stderr } = await run("systemd-analyze", ["verify", "--man=no", copy]).catch((error) => error);
    expect(stderr).toContain("ProtectClocks");
  });

  test("rates its exposure at 1.6 of 10 or less", async () => {
    // The threshold is in tenths of that; a worse unit is an exit code.
    const rate = (threshold: string, path: string) =>
      run("systemd-analyze", ["security", "--offline=true", "--no-pager", `--threshold=${threshold}`, path]);
    await expect(rate("16", unitPath)).resolves.toBeDefined();
    const weaker = join(folder, "weaker.service");
    await writeFile(weaker, unit.replace(/^(ProtectSystem|CapabilityBoundingSet|RestrictNamespaces)=.*\n/gm, ""));
    await expect(rate("16", weaker)).rejects.toThrow();
  });
});

test("the gateway gets more time to stop than it needs", () => {
  expect(Number(valuesOf("TimeoutStopSec")[0])).toBeGreaterThan(10);
  expect(valuesOf("KillMode")).toEqual(["mixed"]);
});

describe("under what the unit takes away", () => {
  let host: SshHost;
  beforeAll(async () => {
    host = await startSshHost();
    return () => host.stop();
  });

  /**
   * What systemd would do, with the tools at hand: everything read-only but the state directory, a /tmp of its own, the
   * processes of others out of sight (ProtectProc), no capability to be had, and a user namespace in which there is only this user.
   */
  const confined = `
    mount --bind "$1/state" /mnt
    mount --bind "$2" /srv
    mount -t tmpfs tmpfs /media
    touch /media/node
    mount --bind "$3" /media/node
    mount -o remount,bind,ro /
    mount -t tmpfs -o mode=1777 tmpfs /tmp
    mount -t proc -o hidepid=invisible proc /proc
    cd /mnt
    shift 3
    exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
      unshare --user --map-current-user env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" /media/node /srv/src/main.ts serve`;

  test("a guacd that the gateway runs draws a session, whose relay knows it by /proc, and all ends in time", async () => {
    const state = join(folder, "state");
    await mkdir(state, { mode: 0o700 });
    await run("chown", ["nobody:nogroup", state]);
    const variables = [
      "SALLYPORT_SERVER_PORT=0",
      "SALLYPORT_SERVER_DATA_DIR=/mnt",
      `SALLYPORT_GUACD_PATH=${await guacdPath()}`,
      "SALLYPORT_TARGETS_SSH_ALLOW=127.0.0.1",
    ];
    const args = [folder, project, process.execPath, ...variables];
    const gateway = spawn("unshare", ["--mount", "--propagation", "private", "sh", "-euc", confined, "sh", ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(async () => void (await endProcess(gateway)));
    const { url, firstKey } = await untilListening(gateway);
    const authorization = `Bearer ${await firstKey}`;
    const answer = await fetch(`${url}/api/sessions`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({
        hostname: host.host,
        port: host.port,
        username: host.username,
        password: host.password,
      }),
    });
    const { session_id } = z.object({ session_id: z.string() }).parse(await answer.json());
    const query = new URLSearchParams({ GUAC_WIDTH: "800", GUAC_HEIGHT: "600", GUAC_DPI: "96" });
    const client = await openTunnel(`${url}/ws/${session_id}?${query}`, { authorization });
    await client.waitFor(isSync);
    typeText(client, "echo confined > typed.txt\n");
    const typed = () => readFile(join(host.home, "typed.txt"), "utf8").catch(() => "");
    await expect.poll(typed, { timeout: 10_000 }).toBe("confined\n");
    const stoppedAtMs = performance.now();
    expect(await endProcess(gateway)).toBe(0);
    expect(performance.now() - stoppedAtMs).toBeLessThan(10_000);
  });
});
