import { freeNetwork, layCable, openNamespace } from "./namespace.ts";

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

/** One for each process, with addresses that nobody else on this host has at the time. */
export const makeNetworkNamespace = async (): Promise<NetworkNamespace> => {
  const number = freeNetwork("10.213");
  const here = `10.213.${number}.1`;
  const there = [`10.213.${number}.2`, `10.213.${number}.3`] as const;
  const namespace = await openNamespace();
  try {
    await layCable(
      { namespace: undefined, device: `sp${process.pid}a`, addresses: [here] },
      { namespace, device: `sp${process.pid}b`, addresses: there },
      24,
    );
  } catch (error) {
    await namespace.close();
    throw error;
  }
  return { here, there, enter: namespace.enter, remove: () => namespace.close() };
};
