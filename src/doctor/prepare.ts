import type { SecureContext } from "node:tls";
import type { Clock } from "../core/clock.ts";
import type { Disposal } from "../core/disposal.ts";
import type { Endpoint, Road } from "../core/endpoint.ts";
import type { Hop } from "../core/hop.ts";
import type { Prepare } from "../protocols/protocol.ts";
import { type HostKeyStore, pathOf } from "../ssh/host-key.ts";
import { greetRdp, rdpGreetingSettings } from "./greet-rdp.ts";
import { greetSsh } from "./greet-ssh.ts";
import { greetVnc } from "./greet-vnc.ts";
import type { Steps } from "./steps.ts";
import type { Way, WayLimits } from "./way.ts";

/**
 * What a protocol prepares a session with, where nothing is prepared: instead of a relay or a forward being opened, what
 * lies behind it is reached and greeted. So each protocol says itself what has to be reached.
 */
export const createPrepare = (options: {
  target: Endpoint;
  settings: Readonly<Record<string, unknown>>;
  road: Road;
  hops: readonly Hop[];
  disposal: Disposal;
  way: Way;
  steps: Steps;
  limits: WayLimits;
  store: HostKeyStore;
  isRdp: boolean;
  authorities: () => SecureContext;
  clock: Clock;
}): Prepare => {
  const { target, settings, road, hops, disposal, way, steps, limits, store, isRdp } = options;
  const { signal } = disposal;
  const greeted = { road, way, timeoutMs: limits.connectMs, signal };
  const reach = async (behind: Endpoint): Promise<void> => {
    const stream = await road.connect(behind, signal);
    stream.on("error", () => undefined).destroy();
    way.end();
  };
  return {
    target,
    username: null,
    settings,
    road,
    disposal,
    signal,
    secret: () => null,
    openSshRelay: async (request) => {
      await greetSsh({ ...greeted, request, path: pathOf(hops), store, timeouts: limits });
      return request.target;
    },
    openForward: async ({ target: behind, speaks }) => {
      if (speaks === "rfb") steps.succeed(await greetVnc({ ...greeted, target: behind }));
      // Another place than the target is an RD gateway, which speaks HTTPS.
      else if (isRdp && behind === target) {
        const authorities = options.authorities();
        const asked = rdpGreetingSettings.parse(settings);
        steps.succeed(await greetRdp({ ...greeted, target, settings: asked, authorities, clock: options.clock }));
      } else await reach(behind);
      return behind;
    },
  };
};
