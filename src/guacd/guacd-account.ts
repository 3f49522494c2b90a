import { chown, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As whom guacd runs. */
export interface GuacdAccount {
  readonly uid: number;
  readonly gid: number;
  /** What stands before guacd on the command line. */
  readonly wrapper: readonly string[];
}

/** Its own unprivileged user when we are root (`guacd`, as Debian's package makes it, else `nobody`), else ours. */
export const guacdAccount = async (): Promise<GuacdAccount> => {
  const [uid, gid] = [process.getuid?.() ?? -1, process.getgid?.() ?? -1];
  if (uid !== 0) return { uid, gid, wrapper: ["setpriv", "--no-new-privs"] };
  const user = await unprivilegedUser();
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", "--no-new-privs"];
  return { ...user, wrapper: ["setpriv", ...identity] };
};

/** A folder of its own that guacd can write: without one its RDP fails, saying something else. The sweeper removes it. */
export const makeGuacdHome = async ({ uid, gid }: GuacdAccount): Promise<string> => {
  const home = await mkdtemp(join(tmpdir(), "sallyport-guacd-"));
  await chown(home, uid, gid);
  return home;
};

const unprivilegedUser = async (): Promise<{ uid: number; gid: number }> => {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of ["guacd", "nobody"]) {
    const fields = lines.find(([user]) => user === name);
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error("there is neither a user guacd nor nobody to run guacd as");
};
