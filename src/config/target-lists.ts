import type { Config } from "./schema.ts";

/** What may be reached, by protocol, as the target policy takes it; `hops` may stand for all of ssh. */
export const targetLists = ({ targets: { ssh, rdp, vnc, hops } }: Config) => ({
  allow: {
    ssh: ssh.allow,
    rdp: rdp.allow,
    vnc: vnc.allow,
    hops: hops.allow.flatMap((entry) => (entry === "ssh" ? ssh.allow : [entry])),
  },
  namesBehindHops: {
    ssh: ssh.allowNamesBehindHops,
    rdp: rdp.allowNamesBehindHops,
    vnc: vnc.allowNamesBehindHops,
    hops: hops.allowNamesBehindHops,
  },
});
