import type { SecureContext } from "node:tls";
import type { Clock } from "../core/clock.ts";
import type { Disposal } from "../core/disposal.ts";
import type { CheckedCertificate, Endpoint, Road } from "../core/endpoint.ts";
import type { Hop } from "../core/hop.ts";
import { pathOf } from "../core/key-place.ts";
import type { KeyTrust } from "../core/known-key.ts";
import type { Prepare } from "../protocols/protocol.ts";
import { greetRdp, rdpGreetingSettings } from "./greet-rdp.ts";
import { greetSsh } from "./greet-ssh.ts";
import { greetVnc } from "./greet-vnc.ts";
import type { Steps } from "./steps.ts";
import type { KeyFinding } from "./watched-keys.ts";
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
  trust: KeyTrust;
  takeKeyFinding: () => KeyFinding;
  isRdp: boolean;
  authorities: () => SecureContext;
  clock: Clock;
}): Prepare => {
  const { target, settings, road, hops, disposal, way, steps, limits, trust, isRdp } = options;
  const { signal } = disposal;
  const path = pathOf(hops);
  const greeted = { road, way, timeoutMs: limits.connectMs, signal };
  const reach = async (behind: Endpoint): Promise<void> => {
    const stream = await road.connect(behind, signal);
    stream.on("error", () => undefined).destroy();
    way.end();
  };
  const greetHost = async (): Promise<CheckedCertificate> => {
    const { authorities, clock, takeKeyFinding } = options;
    const asked = rdpGreetingSettings.parse(settings);
    const judge = { trust, path, takeKeyFinding, nowMs: clock.nowMs() };
    const { finding, certificate } = await greetRdp({
      ...greeted,
      target,
      settings: asked,
      authorities: authorities(),
      judge,
    });
    steps.succeed(finding);
    return certificate;
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
      await greetSsh({ ...greeted, request, path, trust, timeouts: limits });
      return request.target;
    },
    checkCertificate: greetHost,
    openForward: async ({ target: behind, speaks }) => {
      if (speaks === "rfb") steps.succeed(await greetVnc({ ...greeted, target: behind }));
      // Its certificate has been looked at, so it has been reached.
      else if (speaks) return behind;
      // Another place than the target is an RD gateway, which speaks HTTPS.
      else if (isRdp && behind === target) await greetHost();
      else await reach(behind);
      return behind;
    },
  };
};
