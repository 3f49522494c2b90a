import type { Disposal } from "../core/disposal.ts";
import type { PreparedEndpoint, Road } from "../core/endpoint.ts";
import type { Logger } from "../core/log.ts";
import type { ConnectStep } from "../core/notices.ts";
import type { Actor } from "../core/principal.ts";
import { type SessionEnd, SessionFailure } from "../core/session-end.ts";
import { GuacdLeg } from "../guacd/guacd-leg.ts";
import type { GuacdLease, GuacdSource } from "../guacd/guacd-source.ts";
import type { GuacdTimeouts } from "../guacd/open-guacd.ts";
import type { SessionProtocol, SshRelayRequest } from "../protocols/protocol.ts";
import { type ConnectData, displayOf } from "./display.ts";
import type { SecretBox } from "./secret-box.ts";
import type { Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

export interface ConnectRequest {
  readonly session: Session;
  readonly data: ConnectData;
  readonly actor: Actor;
  readonly disposal: Disposal;
  readonly onStep: (step: ConnectStep, limitSeconds: number) => void;
  /** The target ended by itself, with its reason, while guacd may still be drawing. */
  readonly onTargetEnd: (end: SessionEnd) => void;
}

/** Reaches the target, then guacd. What it opens is on the disposal. Rejects with `SessionFailure`. */
export type ConnectLeg = (request: ConnectRequest) => Promise<GuacdLeg>;

/** Opens the SSH relay of one session; bound by the gateway to its host keys, limits and guard. */
export type OpenRelay = (
  request: SshRelayRequest & {
    readonly road: Road;
    readonly disposal: Disposal;
    readonly seenBy: string;
    readonly lease: GuacdLease;
    readonly onEnd: (end: SessionEnd) => void;
  },
) => Promise<PreparedEndpoint>;

export const createConnectLeg =
  (deps: {
    store: SessionStore;
    secretBox: SecretBox;
    protocol: (id: string) => SessionProtocol | undefined;
    /** `onAllowed` is called when the policy has passed the target's addresses. */
    roadTo: (protocol: string, onAllowed: () => void) => Road;
    guacd: GuacdSource;
    openRelay: OpenRelay;
    timeouts: () => { guacd: GuacdTimeouts; targetSeconds: number };
    log: Logger;
  }): ConnectLeg =>
  async ({ session, data, actor, disposal, onStep, onTargetEnd }) => {
    const protocol = deps.protocol(session.protocol);
    if (!protocol || session.hostname === null || session.port === null)
      throw new SessionFailure("error", `The gateway no longer serves ${session.protocol} sessions.`);
    const { signal } = disposal;
    const timeouts = deps.timeouts();
    const target = { host: session.hostname, port: session.port };
    const secrets = deps.secretBox.open(session.id, await deps.store.readSecrets(session.id));
    const lease = await deps.guacd.lease(signal);

    onStep("policy", timeouts.targetSeconds);
    const road = deps.roadTo(protocol.id, () => onStep("target", timeouts.targetSeconds));
    const endpoint =
      (await protocol.prepare?.({
        target,
        username: session.username,
        settings: session.settings,
        road,
        disposal,
        signal,
        secret: (name) => secrets[name] ?? null,
        openSshRelay: (request) =>
          deps.openRelay({ ...request, road, disposal, seenBy: session.createdBy, lease, onEnd: onTargetEnd }),
      })) ?? target;

    onStep("host", timeouts.guacd.connectMs / 1000 + timeouts.guacd.argsMs / 1000);
    const plan = protocol.plan(endpoint, session.settings);
    const leg = await lease.startQueue.run(
      () =>
        GuacdLeg.open({
          ...plan,
          address: lease.address,
          display: displayOf(session, data),
          image: data.imageTypes,
          timezone: data.timezone,
          name: actor.principal.name,
          timeouts: timeouts.guacd,
          signal,
          log: deps.log,
        }),
      signal,
    );
    // Not awaited: what lies behind guacd is cut at once, while guacd has its half second to say good-bye.
    disposal.add("guacd leg", () => void leg.close());
    return leg;
  };
