import type { Disposal } from "../core/disposal.ts";
import type { PreparedEndpoint, Road } from "../core/endpoint.ts";
import type { Hop } from "../core/hop.ts";
import { pathOf } from "../core/key-place.ts";
import type { Logger } from "../core/log.ts";
import type { Actor } from "../core/principal.ts";
import { type SessionEnd, SessionFailure } from "../core/session-end.ts";
import { GuacdLeg } from "../guacd/guacd-leg.ts";
import type { GuacdLease, GuacdSource } from "../guacd/guacd-source.ts";
import type { LastArguments } from "../guacd/last-arguments.ts";
import type { GuacdTimeouts } from "../guacd/open-guacd.ts";
import type { SessionProtocol, SshCredentials, SshRelayRequest } from "../protocols/protocol.ts";
import { openForward } from "../roads/forward.ts";
import { RdpWatch } from "../roads/rdp-watch.ts";
import { RfbWatch } from "../roads/rfb-watch.ts";
import { askHopQuestions } from "./ask-hop-questions.ts";
import type { CheckCertificate } from "./check-certificate.ts";
import { type ConnectData, displayOf } from "./display.ts";
import type { Answers, PromptBox } from "./prompt-box.ts";
import type { RoadTo } from "./road-to.ts";
import type { SecretBox } from "./secret-box.ts";
import type { Session } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import type { BegunStep } from "./step-reporter.ts";

export interface ReachRequest {
  readonly session: Session;
  readonly data: ConnectData;
  readonly actor: Actor;
  /** Of this way, which may end before its session does. */
  readonly disposal: Disposal;
  readonly prompts: PromptBox;
  /** What the session has signed in with on an earlier way, in place of what it was made with. */
  readonly proven: SshCredentials | undefined;
  /** These have signed in to the target. */
  readonly onProven: (credentials: SshCredentials) => void;
  readonly onStep: (step: BegunStep) => void;
  /** The target ended by itself, with its reason, while guacd may still be drawing. */
  readonly onTargetEnd: (end: SessionEnd) => void;
}

/** Someone who comes to a session that runs. */
export interface Joiner {
  readonly connectionId: string;
  readonly data: ConnectData;
  readonly name: string;
  readonly viewOnly: boolean;
  readonly signal: AbortSignal;
}

/** A target that is ready for guacd. What it holds open is on the disposal of its request. */
export interface Reach {
  /** Opens the session at guacd; answers take the place of what it was made with. Rejects with `SessionFailure`. */
  open(answers: Answers): Promise<GuacdLeg>;
  /** The caller closes the leg. Rejects with `SessionFailure`. */
  join(joiner: Joiner): Promise<GuacdLeg>;
  /** What was seen of the target itself when guacd has failed, which says more than guacd does, or null. */
  cause(): SessionFailure | null;
  /** guacd fell silent or let go of the session. */
  suspectGuacd(): void;
}

/** Goes to the target as far as guacd needs it. Rejects with `SessionFailure`. */
export type ReachTarget = (request: ReachRequest) => Promise<Reach>;

/** Opens the SSH relay of one session; bound by the gateway to its host keys, limits and guard. */
export type OpenRelay = (
  request: SshRelayRequest & {
    readonly road: Road;
    readonly hops: readonly Hop[];
    readonly disposal: Disposal;
    readonly seenBy: string;
    readonly lease: GuacdLease;
    readonly prompts: PromptBox;
    readonly onProven: (credentials: SshCredentials) => void;
    readonly onEnd: (end: SessionEnd) => void;
  },
) => Promise<PreparedEndpoint>;

export interface ReachTargetDeps {
  readonly store: SessionStore;
  readonly secretBox: SecretBox;
  readonly protocol: (id: string) => SessionProtocol | undefined;
  readonly roadTo: RoadTo;
  readonly guacd: GuacdSource;
  readonly openRelay: OpenRelay;
  readonly checkCertificate: CheckCertificate;
  readonly lastArguments: LastArguments;
  readonly timeouts: () => { guacd: GuacdTimeouts; targetSeconds: number };
  readonly log: Logger;
}

export const createReachTarget =
  (deps: ReachTargetDeps): ReachTarget =>
  async ({ session, data, actor, disposal, prompts, proven, onProven, onStep, onTargetEnd }) => {
    const protocol = deps.protocol(session.protocol);
    if (!protocol || session.hostname === null || session.port === null)
      throw new SessionFailure("error", `The gateway no longer serves ${session.protocol} sessions.`);
    const { signal } = disposal;
    const timeouts = deps.timeouts();
    const target = { host: session.hostname, port: session.port };
    const secrets = deps.secretBox.open(session.id, await deps.store.readSecrets(session.id));
    const lease = await deps.guacd.lease(signal);
    disposal.add("guacd lease", () => lease.release());

    const { hops, createdBy: seenBy } = session;
    const limitSeconds = timeouts.targetSeconds;
    onStep({ step: "policy", limitSeconds });
    const road = deps.roadTo({
      protocol: protocol.id,
      hops,
      secrets,
      seenBy,
      disposal,
      onHop: (hop) => onStep({ step: "hop", hop, limitSeconds }),
      onTarget: once(() => onStep({ step: "target", limitSeconds })),
      onEnd: onTargetEnd,
      questions: askHopQuestions(prompts, hops),
    });
    /** What seems to be the target's fault may be that of a hop. */
    const onEnd = (end: SessionEnd) => onTargetEnd(road.hopFailure()?.end ?? end);
    const prepared = protocol
      .prepare?.({
        target,
        username: session.username,
        settings: session.settings,
        road,
        disposal,
        signal,
        secret: (name) => secrets[name] ?? null,
        openSshRelay: (request) =>
          deps.openRelay({
            ...request,
            credentials: proven ?? request.credentials,
            ...{ road, hops, disposal, seenBy, lease, prompts, onProven, onEnd },
          }),
        checkCertificate: (request) => deps.checkCertificate({ ...request, road, path: pathOf(hops), seenBy, signal }),
        openForward: async ({ target: behind, speaks }) => {
          const watch = speaks && (() => (speaks === "rfb" ? new RfbWatch() : new RdpWatch(speaks)));
          const forward = await openForward({ road, target: behind, guard: lease, signal, watch, log: deps.log });
          disposal.add("forward", () => forward.close());
          return { ...forward.endpoint, cause: () => forward.cause() };
        },
      })
      .catch((error: unknown) => {
        throw road.hopFailure() ?? error;
      });
    const endpoint: PreparedEndpoint = (await prepared) ?? target;

    const connection = { timeouts: timeouts.guacd, log: deps.log };
    return {
      suspectGuacd: () => lease.suspect(),
      cause: () => road.hopFailure() ?? endpoint.cause?.() ?? null,
      open: async (answers) => {
        onStep({ step: "host", limitSeconds: timeouts.guacd.connectMs / 1000 + timeouts.guacd.argsMs / 1000 });
        const plan = protocol.plan(withAnswers(endpoint, answers), session.settings);
        const browser = browserFacts(session, data, actor.principal.name);
        const leg = await lease.start(
          (address) => GuacdLeg.open({ ...connection, ...browser, ...plan, address, signal }),
          signal,
        );
        // Not awaited: what lies behind guacd is cut at once, while guacd has its half second to say good-bye.
        disposal.add("guacd leg", () => void leg.close());
        deps.lastArguments.remember(plan.protocol, leg.argNames);
        return leg;
      },
      join: ({ connectionId, data: theirs, name, viewOnly, signal: joining }) =>
        GuacdLeg.open({
          ...connection,
          address: lease.address,
          ...browserFacts(session, theirs, name),
          connectionId,
          args: joinArgs(session, viewOnly),
          signal: AbortSignal.any([signal, joining]),
        }),
    };
  };

/** A road is dialled again while its session runs: for a new try to sign in, or by guacd through a forward. */
const once = (run: () => void): (() => void) => {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
};

const browserFacts = (session: Session, data: ConnectData, name: string) => ({
  display: displayOf(session, data),
  audio: data.audioTypes,
  image: data.imageTypes,
  timezone: data.timezone,
  name,
});

/** What guacd asks of everybody who joins; the rest of the plan is the first one's alone (guacd 1.3.0 to 1.6.0). */
const joinArgs = ({ settings }: Session, viewOnly: boolean): Record<string, string> => ({
  ...(viewOnly ? { "read-only": "true" } : {}),
  ...(viewOnly || settings.disable_paste === true ? { "disable-paste": "true" } : {}),
  ...(viewOnly || settings.disable_copy === true ? { "disable-copy": "true" } : {}),
});

const withAnswers = (endpoint: PreparedEndpoint, { username, password, domain }: Answers): PreparedEndpoint => ({
  ...endpoint,
  ...(username ? { username: username.reveal() } : {}),
  ...(password ? { password } : {}),
  ...(domain ? { domain: domain.reveal() } : {}),
});
