import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A user of this machine to sign in as, made for one test server. */
export interface TestUser {
  readonly username: string;
  readonly password: string;
  readonly home: string;
  readonly uid: number;
  readonly gid: number;
  /** The server's own, which everybody may enter; `home` lies in it. */
  readonly folder: string;
  /** Removes the user and the folder; the user's processes must be gone. */
  remove(): Promise<void>;
}

/** Also removes the users of test processes that were killed before they could. */
export const makeTestUser = async (server: string): Promise<TestUser> => {
  if (process.getuid?.() !== 0) throw new Error("A test server needs root: it makes a user to sign in as.");
  await removeAbandonedUsers();
  const folder = await mkdtemp(join(tmpdir(), `sallyport-${server}-`));
  await chmod(folder, 0o755);
  await writeFile(join(folder, ownerFile), String(process.pid));
  const home = join(folder, "home");
  const username = `spt${randomBytes(4).toString("hex")}`;
  const password = randomBytes(9).toString("base64url");
  await addUser(username, password, home);
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, username])).stdout)),
  );
  if (uid === undefined || gid === undefined) throw new Error(`user ${username} was not made`);
  return {
    username,
    password,
    home,
    uid,
    gid,
    folder,
    remove: async () => {
      await removeUser(username);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** In a server's folder: the process that will remove it. */
const ownerFile = "owner";

const addUser = async (username: string, password: string, home: string): Promise<void> => {
  await changePasswordFile("useradd", "--create-home", "--home-dir", home, "--shell", "/bin/bash", username);
  const setting = changePasswordFile("chpasswd");
  setting.child.stdin?.end(`${username}:${password}\n`);
  await setting;
};

const removeAbandonedUsers = async (): Promise<void> => {
  for (const line of (await readFile("/etc/passwd", "utf8")).split("\n")) {
    const [username = "", , , , , home = ""] = line.split(":");
    if (!/^spt[0-9a-f]{8}$/.test(username)) continue;
    const folder = dirname(home);
    const owner = await readFile(join(folder, ownerFile), "utf8").catch(() => "");
    const isAbandoned = existsSync(folder) ? owner !== "" && !existsSync(`/proc/${owner}`) : true;
    if (!isAbandoned) continue;
    await removeUser(username);
    await rm(folder, { recursive: true, force: true });
  }
};

/** Two test processes may come to remove an abandoned user. */
const removeUser = (username: string): Promise<unknown> =>
  changePasswordFile("userdel", "--force", username).catch(async (error: unknown) => {
    if ((await readFile("/etc/passwd", "utf8")).includes(`${username}:`)) throw error;
  });

/** The tools give up while another one holds the lock of /etc/passwd, so ours wait for one another. */
const changePasswordFile = (tool: string, ...args: string[]) =>
  run("flock", ["--timeout", "60", "/etc", `/usr/sbin/${tool}`, ...args]);
