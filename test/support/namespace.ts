import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A network that nothing leads into but cables that are laid there. */
export interface Namespace {
  /** What stands before a command to run it in there. */
  readonly enter: readonly string[];
  /** Where `ip` finds it. */
  readonly pid: number;
  /** Ends it with its cables; what runs in it is ended by whoever started it. */
  close(): Promise<void>;
}

/** Goes with this process, whatever ends it. Needs root with CAP_SYS_ADMIN. */
export const openNamespace = async (): Promise<Namespace> => {
  const script = "ip link set lo up && echo ready && exec sleep infinity";
  const command = ["--pdeathsig", "KILL", "unshare", "--net", "sh", "-c", script];
  const holder = spawn("setpriv", command, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(holder, "exit");
  const refused = exited.then(() => {
    throw new Error("No network namespace. It needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN.");
  });
  await Promise.race([once(holder.stdout, "data"), refused]);
  refused.catch(() => undefined);
  const pid = holder.pid ?? 0;
  return {
    pid,
    enter: ["nsenter", `--net=/proc/${pid}/ns/net`],
    async close() {
      holder.kill("SIGKILL");
      await exited;
    },
  };
};

/** One end of a cable: in a namespace, or in this process's own network. */
export interface CableEnd {
  readonly namespace: Namespace | undefined;
  /** At most 15 characters. */
  readonly device: string;
  readonly addresses: readonly string[];
}

/** Joins two networks; `prefix` is the length of their common one. */
export const layCable = async (near: CableEnd, far: CableEnd, prefix: number): Promise<void> => {
  const place = ({ namespace }: CableEnd) => String(namespace?.pid ?? process.pid);
  const peer = ["type", "veth", "peer", "name", far.device, "netns", place(far)];
  await run("ip", ["link", "add", near.device, "netns", place(near), ...peer]);
  for (const { namespace, device, addresses } of [near, far]) {
    for (const address of addresses) await runIn(namespace, ["address", "add", `${address}/${prefix}`, "dev", device]);
    await runIn(namespace, ["link", "set", device, "up"]);
  }
};

/** `ip` in a namespace. */
export const runIn = async (namespace: Namespace | undefined, words: readonly string[]): Promise<void> => {
  const [program = "", ...args] = [...(namespace?.enter ?? []), "ip", ...words];
  await run(program, args);
};

/** The third number of a network within `prefix`, such as `10.213`, that no other test process on this host has. */
export const freeNetwork = (prefix: string): number => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const isTaken = (number: number) => addresses.some(({ address }) => address.startsWith(`${prefix}.${number}.`));
  let number = process.pid % 256;
  while (isTaken(number)) number = (number + 1) % 256;
  return number;
};
