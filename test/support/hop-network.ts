import { freeNetwork, layCable, type Namespace, openNamespace, runIn } from "./namespace.ts";

/** Where a test server runs when it is not beside the test. */
export interface HostPlace {
  /** By which whoever stands before it reaches it. */
  readonly address: string;
  /** What stands before a command to run it there. */
  readonly enter: readonly string[];
}

/** Hosts in a row, and a target that has a cable to each of them. */
export interface HopNetwork {
  readonly hops: readonly HostPlace[];
  /** This process, as the first hop reaches it. */
  readonly here: string;
  /** By the address that the last hop reaches. */
  readonly target: HostPlace;
  /** The address of the target that is at the end of the first `count` hops: no other hop has a way there. */
  targetBehind(count: number): string;
  /** On the cable between that hop and the target, where nobody is and whatever is sent gets lost. */
  voidBehind(count: number): string;
  close(): Promise<void>;
}

/**
 * Each in a network of its own, and no cable leads further than to the next: this process reaches the first hop and nothing
 * behind it, although it has a route there, because no host knows a way back.
 */
export const makeHopNetwork = async (count: number): Promise<HopNetwork> => {
  const number = freeNetwork("10.214");
  const namespaces: Namespace[] = [];
  const close = async () => void (await Promise.all(namespaces.map((namespace) => namespace.close())));
  /** Every cable has eight addresses. */
  const onCable = (cable: number, host: number) => `10.214.${number}.${cable * 8 + host}`;
  const toTarget = (hops: number) => count + hops;
  const lay = (cable: number, from: Namespace | undefined, to: Namespace) => {
    const device = (end: string) => `sph${process.pid}${end}${cable}`;
    const near = { namespace: from, device: device("a"), addresses: [onCable(cable, 1)] };
    const far = { namespace: to, device: device("b"), addresses: [onCable(cable, 2)] };
    return layCable(near, far, 29);
  };
  try {
    for (let opened = 0; opened <= count; opened++) namespaces.push(await openNamespace());
    const hops = namespaces.slice(0, count);
    const target = namespaces.at(-1);
    if (!target) throw new RangeError("A chain has a hop.");
    for (const [index, hop] of hops.entries()) {
      await lay(index, hops[index - 1], hop);
      await lay(toTarget(index + 1), hop, target);
      const lost = ["lladdr", "02:00:00:00:00:01", "dev", `sph${process.pid}a${toTarget(index + 1)}`];
      await runIn(hop, ["neighbour", "add", onCable(toTarget(index + 1), 3), ...lost]);
    }
    await runIn(undefined, ["route", "add", `10.214.${number}.0/24`, "via", onCable(0, 2)]);
    const targetBehind = (wanted: number) => onCable(toTarget(wanted), 2);
    return {
      here: onCable(0, 1),
      hops: hops.map(({ enter }, index) => ({ address: onCable(index, 2), enter })),
      target: { address: targetBehind(count), enter: target.enter },
      targetBehind,
      voidBehind: (wanted) => onCable(toTarget(wanted), 3),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
