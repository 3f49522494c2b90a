import { execFile } from "node:child_process";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Another host, as far as the network goes: a namespace joined to this one by a cable of its own. */
export interface NetworkNamespace {
  /** This end of the cable. */
  readonly here: string;
  /** Addresses of the other end. */
  readonly there: readonly [string, string];
  /** What stands before a command to run it over there. */
  readonly enter: readonly string[];
  /** Takes namespace and cable away; what runs in it is ended by whoever started it. */
  remove(): Promise<void>;
}

/** One for each process, with addresses that nobody else on this host has at the time. Needs root. */
export const makeNetworkNamespace = async (): Promise<NetworkNamespace> => {
  const name = `sp-test-${process.pid}`;
  const [near, far] = [`sp${process.pid}a`, `sp${process.pid}b`];
  const number = freeNumber();
  const [here, ...there] = [1, 2, 3].map((host) => `10.213.${number}.${host}`);
  const ip = (...words: string[]) => run("ip", words);
  const remove = async () => {
    await ip("netns", "delete", name);
  };
  await ip("netns", "add", name);
  try {
    await ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
    await ip("address", "add", `${here}/24`, "dev", near);
    await ip("link", "set", near, "up");
    for (const address of there) await ip("-netns", name, "address", "add", `${address}/24`, "dev", far);
    await ip("-netns", name, "link", "set", far, "up");
    await ip("-netns", name, "link", "set", "lo", "up");
  } catch (error) {
    await remove();
    throw error;
  }
  const [first = "", second = ""] = there;
  return { here: here ?? "", there: [first, second], enter: ["ip", "netns", "exec", name], remove };
};

/** Another test run at the same time has the number of its own process id, or the next that is free. */
const freeNumber = (): number => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const isTaken = (number: number) => addresses.some(({ address }) => address.startsWith(`10.213.${number}.`));
  let number = process.pid % 256;
  while (isTaken(number)) number = (number + 1) % 256;
  return number;
};
