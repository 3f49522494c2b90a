import { freePort, type SshHost, startSshHost } from "./ssh-host.ts";

/** Real SSH servers in a row, of which each leads to the next one only and the last to `destinations`. */
export interface HopHosts {
  readonly hosts: readonly SshHost[];
  /** The last `count` of them, as a session's `jump_hosts`. */
  last(count: number): JumpHost[];
  /** One of them; -1 is the last. */
  at(index: number): JumpHost;
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

/** `destinations` as sshd's PermitOpen spells them: `host:port`. */
export const startHopHosts = async (count: number, destinations: readonly string[]): Promise<HopHosts> => {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  const hosts = await Promise.all(
    ports.map((port, index) => {
      const next = ports[index + 1];
      const permitted = next === undefined ? destinations.join(" ") : `127.0.0.1:${next}`;
      return startSshHost({ port, config: [`PermitOpen ${permitted}`] });
    }),
  );
  return {
    hosts,
    at: (index) => {
      const host = hosts.at(index);
      if (!host) throw new RangeError(`There is no hop ${index}.`);
      return jumpHost(host);
    },
    last: (wanted) => hosts.slice(count - wanted).map(jumpHost),
    stop: async () => void (await Promise.all(hosts.map((host) => host.stop()))),
  };
};

export const jumpHost = ({ host, port, username, password }: SshHost): JumpHost => ({
  hostname: host,
  port,
  username,
  password,
});
