import { type HostPlace, makeHopNetwork } from "./hop-network.ts";
import { type SshHost, startSshHost } from "./ssh-host.ts";

/** Real SSH servers in a row, each in a network of its own that leads to the next one and to the target only. */
export interface HopHosts {
  readonly hosts: readonly SshHost[];
  /** Where each of them is, for a further server there. */
  readonly places: readonly HostPlace[];
  /** The test itself, as the first of them reaches it. */
  readonly here: string;
  /** Where targets are started. */
  readonly target: HostPlace;
  /** The first `count` of them, as a session's `jump_hosts`. */
  first(count: number): JumpHost[];
  /** One of them, counted from 1. */
  hop(number: number): JumpHost;
  /** The target's address behind the first `count`. */
  targetBehind(count: number): string;
  /** An address there that swallows everything. */
  voidBehind(count: number): string;
  stop(): Promise<void>;
}

export interface JumpHost {
  hostname: string;
  port: number;
  username: string;
  password?: string;
  private_key?: string;
  passphrase?: string;
  host_key?: string;
}

export const startHopHosts = async (count: number): Promise<HopHosts> => {
  const network = await makeHopNetwork(count);
  const hosts = await Promise.all(network.hops.map((place) => startSshHost({ place, port: 22 })));
  const hop = (number: number) => {
    const host = hosts[number - 1];
    if (!host) throw new RangeError(`There is no hop ${number}.`);
    return jumpHost(host);
  };
  return {
    hosts,
    places: network.hops,
    here: network.here,
    target: network.target,
    hop,
    first: (wanted) => hosts.slice(0, wanted).map(jumpHost),
    targetBehind: network.targetBehind,
    voidBehind: network.voidBehind,
    async stop() {
      await Promise.all(hosts.map((host) => host.stop()));
      await network.close();
    },
  };
};

export const jumpHost = ({ host, port, username, password }: SshHost): JumpHost => ({
  hostname: host,
  port,
  username,
  password,
});
