import { hostname } from "node:os";
import { createAdminKeyStore } from "./access/admin-key-store.ts";
import { createAdminKeys } from "./access/admin-keys.ts";
import { createAuthenticator } from "./access/authenticator.ts";
import { createLoginStore } from "./access/login-store.ts";
import { createPersonStore } from "./access/person-store.ts";
import { createStanding } from "./access/standing.ts";
import { createWsTickets } from "./access/ws-tickets.ts";
import type { DataDir } from "./config/data-dir.ts";
import { guacdAddresses } from "./config/guacd-addresses.ts";
import { guacdStartMs } from "./config/guacd-start-ms.ts";
import { guacdTimeouts } from "./config/guacd-timeouts.ts";
import { readGuacdAuthority } from "./config/read-guacd-authority.ts";
import type { Settings } from "./config/settings.ts";
import { sshTimeouts } from "./config/ssh-timeouts.ts";
import { targetLists } from "./config/target-lists.ts";
import { addressList } from "./core/address-list.ts";
import { type Clock, steadyClock } from "./core/clock.ts";
import { Disposal } from "./core/disposal.ts";
import { tryBindAddress } from "./core/door.ts";
import { inTime } from "./core/in-time.ts";
import type { Logger } from "./core/log.ts";
import { gatewayActor } from "./core/principal.ts";
import { createSealer } from "./core/sealer.ts";
import { Secret } from "./core/secret.ts";
import { version } from "./core/version.ts";
import { migrate } from "./db/migrate.ts";
import { openDatabase } from "./db/open.ts";
import { createDiagnose } from "./doctor/diagnose.ts";
import { Turns } from "./doctor/turns.ts";
import { checkGuacd } from "./guacd/check-guacd.ts";
import type { GuacdAddress } from "./guacd/guacd-address.ts";
import { findGuacd } from "./guacd/guacd-binary.ts";
import { GuacdPool } from "./guacd/guacd-pool.ts";
import { type GuacdSource, guacdStates } from "./guacd/guacd-source.ts";
import { knockGuacd } from "./guacd/knock-guacd.ts";
import { LastArguments } from "./guacd/last-arguments.ts";
import { ManagedGuacd } from "./guacd/managed-guacd.ts";
import { createApp } from "./http/app.ts";
import { readPageAssets } from "./http/assets.ts";
import { loginCookie } from "./http/cookie.ts";
import { type CertificateFacts, type Listener, listen } from "./http/listener.ts";
import { createOpsApp } from "./http/ops-app.ts";
import { createOriginGuard } from "./http/origin-guard.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { createRegistry } from "./http/registry.ts";
import { createGatewayCounts } from "./metrics/gateway-counts.ts";
import { gatewayReadings } from "./metrics/gateway-readings.ts";
import { startLagProbe } from "./metrics/lag-probe.ts";
import { processReadings } from "./metrics/process-readings.ts";
import { metricsContentType, writeMetrics } from "./metrics/write-metrics.ts";
import { protocols } from "./protocols/index.ts";
import { EventStreams, SessionFeed } from "./resources/events/index.ts";
import { mountResources } from "./resources/index.ts";
import { createKnownHostStore } from "./resources/known-hosts/index.ts";
import { certificateAuthorities } from "./roads/certificate-authorities.ts";
import { checkHostname } from "./roads/check-hostname.ts";
import { resolveName } from "./roads/resolve-name.ts";
import { createTargetCheck } from "./roads/target-check.ts";
import { createTargetPolicy } from "./roads/target-policy.ts";
import { LocalBus } from "./sessions/bus.ts";
import { createCheckCertificate } from "./sessions/check-certificate.ts";
import { countEnds } from "./sessions/count-ends.ts";
import { LocalDirectory } from "./sessions/directory.ts";
import { createOpenRelay } from "./sessions/open-relay.ts";
import { publishChanges } from "./sessions/publish-changes.ts";
import { createReachTarget } from "./sessions/reach-target.ts";
import { startReaper } from "./sessions/reaper.ts";
import { createRoadTo } from "./sessions/road-to.ts";
import { createSecretBox } from "./sessions/secret-box.ts";
import { createSessionStore } from "./sessions/session-store.ts";
import { timeDials } from "./sessions/time-dials.ts";
import { generateKeyPair } from "./ssh/generate-key-pair.ts";
import { needsPassphrase, parsePrivateKey } from "./ssh/keys.ts";
import { LoopTurns } from "./ssh/loop-turns.ts";

export interface Gateway {
  /** Where it listens, as a browser opens it. */
  readonly url: string;
  readonly port: number;
  /** The admin key made by this start, when there was none; to be shown once. */
  readonly firstKey: Secret<string> | null;
  /** Reads the certificate again, where there is one; rejects when it is broken, and the old one stays. */
  reloadCertificate(): Promise<CertificateFacts | null>;
  /** Takes the guacds that the settings name now. Reads their authority again; rejects when it cannot, and the old one stays. */
  reloadGuacds(): Promise<void>;
  /** Ends all sessions and lets go of everything. */
  close(): Promise<void>;
}

const publicPath = new URL("../public", import.meta.url).pathname;
/** The longest test of a connection. */
const diagnosisMs = 120_000;
/** Time that running requests get at the end. */
const drainMs = 3_000;
/** Time that a part of the gateway gets to show that it works. */
const partLimitMs = 2_000;

/** Builds every long-lived object and joins them: the one place that does. Rejects with what was opened let go again. */
export const startGateway = async (options: {
  settings: Settings;
  dataDir: DataDir;
  key: Secret<Buffer>;
  /** The host's time; `systemClock` but in tests. */
  clock: Clock;
  log: Logger;
}): Promise<Gateway> => {
  const disposal = new Disposal(options.log);
  try {
    return await build({ ...options, disposal });
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
};

const build = async ({
  settings,
  dataDir,
  key,
  clock,
  log,
  disposal,
}: {
  settings: Settings;
  dataDir: DataDir;
  key: Secret<Buffer>;
  clock: Clock;
  log: Logger;
  disposal: Disposal;
}): Promise<Gateway> => {
  const { config } = settings;
  // A SQLite file has one gateway at a time, so whatever is left in it was ours, under whatever name the host had then.
  const nodeId = config.database.url === null ? "local" : hostname();

  const database = openDatabase(config.database.url ?? new Secret(dataDir.databasePath));
  disposal.add("database", () => database.close());
  await migrate(database);
  const adminKeyStore = createAdminKeyStore(database);
  const logins = createLoginStore(database);
  const people = createPersonStore(database);
  const counts = createGatewayCounts([...protocols.keys()]);
  const bus = new LocalBus();
  const sessions = publishChanges(countEnds(createSessionStore(database), counts), bus);
  const knownHosts = createKnownHostStore(database, clock);
  await logins.deleteExpired(clock.nowMs());
  for (const left of await sessions.listLive({ nodeId }))
    await sessions.end(
      left.id,
      { reason: "shutdown", detail: "The gateway stopped while it ran." },
      gatewayActor,
      clock.nowMs(),
    );

  const { guacd, reload: reloadGuacds } = await openGuacd(settings, log);
  disposal.add("guacd", () => guacd.close());

  let listener: Listener | undefined;
  const ownListeners = () => [
    ...(listener ? [{ host: config.server.host, port: listener.port }] : []),
    ...(config.ops.port === 0 ? [] : [config.ops]),
  ];
  const policy = () => createTargetPolicy({ ...targetLists(settings.config), ownListeners });
  const secretBox = createSecretBox(createSealer(key));
  const trust = { store: knownHosts, policy: () => settings.config.ssh.hostKeyPolicy };
  const turns = new LoopTurns();
  const openRelay = createOpenRelay({
    trust,
    timeouts: () => sshTimeouts(settings.config),
    guacdTimeoutMs: () => guacdStartMs(settings.config),
    turns,
    log,
  });
  const authorities = certificateAuthorities();
  const lastArguments = new LastArguments();
  const reachTarget = createReachTarget({
    store: sessions,
    secretBox,
    protocol: (id) => protocols.get(id),
    roadTo: timeDials(
      createRoadTo({ policy, resolve: resolveName, trust, timeouts: () => sshTimeouts(settings.config), turns }),
      counts,
    ),
    guacd,
    openRelay,
    checkCertificate: createCheckCertificate({
      trust,
      authorities,
      timeoutMs: () => sshTimeouts(settings.config).connectMs,
    }),
    lastArguments,
    timeouts: () => ({
      guacd: guacdTimeouts(settings.config),
      targetSeconds: settings.config.ssh.connectTimeoutSeconds,
    }),
    log,
  });
  const directory = new LocalDirectory(
    () => ({
      store: sessions,
      reachTarget,
      protocol: (id) => protocols.get(id),
      limits: {
        firstSyncTimeoutSeconds: settings.config.guacd.firstSyncTimeoutSeconds,
        ...settings.config.tunnel,
        ...settings.config.session,
      },
      meter: counts,
      clock,
      log,
    }),
    bus,
  );
  const reaper = startReaper({
    store: sessions,
    directory,
    standing: createStanding({ adminKeys: adminKeyStore, people, clock }),
    nodeId,
    limits: () => settings.config.session,
    clock,
    steadyClock,
    log,
  });
  disposal.add("reaper", () => reaper.stop());

  const adminKeys = createAdminKeys({ store: adminKeyStore, clock, lastStays: true });
  const tls =
    config.tls.certPath && config.tls.keyPath ? { certPath: config.tls.certPath, keyPath: config.tls.keyPath } : null;
  const origin = createOriginGuard({
    publicUrl: config.server.publicUrl,
    listenHost: config.server.host,
    listenPort: () => listener?.port ?? config.server.port,
    tls: tls !== null,
  });
  const cookie = loginCookie(origin.secure);
  const authenticator = createAuthenticator({
    adminKeys: adminKeyStore,
    people,
    logins,
    clock,
    loginTtlSeconds: () => settings.config.auth.sessionTtlSeconds,
    log,
  });
  const isUp = {
    database: () => inTime(partLimitMs, () => database.isUp(), false),
    guacd: () => inTime(partLimitMs, () => guacd.isUp(), false),
  };
  const metrics = [
    ...counts.metrics,
    ...gatewayReadings({
      version,
      protocols: [...protocols.keys()],
      liveSessions: () => inTime(partLimitMs, () => sessions.countLive({ nodeId }), null),
      isDatabaseUp: isUp.database,
      isGuacdUp: isUp.guacd,
      guacds: () =>
        guacdStates.map((state) => ({ state, count: guacd.states.filter((each) => each === state).length })),
      startsWaiting: () => guacd.startsWaiting,
      socketCount: () => listener?.socketCount ?? 0,
      heldBytes: () => directory.heldBytes(),
    }),
    ...processReadings(),
  ];
  const siteTitle = () => settings.config.server.siteTitle;
  const app = createApp({
    origin,
    publicPath,
    trustedProxies: config.server.trustedProxies,
    pages: {
      portal: await readPageAssets(publicPath, "src/web/portal/main.tsx"),
      session: await readPageAssets(publicPath, "src/web/session/main.ts"),
      apiDocs: await readPageAssets(publicPath, "src/web/api-docs/main.ts"),
      siteTitle,
      bannerTimeoutSeconds: () => settings.config.session.bannerTimeoutSeconds,
      resumeSeconds: () => settings.config.session.resumeSeconds,
      idleTimeoutSeconds: () => settings.config.session.idleTimeoutSeconds,
      maxDurationSeconds: () => settings.config.session.maxDurationSeconds,
    },
    log,
    onAnswer: counts.answered,
  });
  const opsApp = createOpsApp({ listenHost: config.ops.host, log });
  const tickets = createWsTickets({ clock: steadyClock });
  const streams = new EventStreams({ feed: new SessionFeed({ bus, store: sessions, directory, log }), bus, log });
  const rateLimits = createRateLimits({
    settings: () => settings.config.rateLimit,
    clock: steadyClock,
    onRefused: counts.rateLimited,
  });
  const registry = createRegistry({
    apps: { public: app, ops: opsApp },
    authenticator,
    cookie,
    tickets,
    origin,
    rateLimits,
    bodyTimeoutMs: config.server.bodyTimeoutSeconds * 1000,
  });
  mountResources(registry, {
    auth: { authenticator, cookie, origin, siteTitle, version, onLogout: () => bus.publish({ kind: "access" }) },
    events: { streams, authenticator },
    adminKeys: { adminKeys, directory, bus },
    knownHosts: { store: knownHosts },
    about: { version, guacd: () => guacd.facts },
    ops: {
      parts: {
        listener: async () => listener !== undefined && !disposal.signal.aborted,
        ...isUp,
      },
      metrics: async () => ({ contentType: metricsContentType, text: await writeMetrics(metrics) }),
    },
    tickets,
    sessions: {
      store: sessions,
      directory,
      secretBox,
      protocol: (id) => protocols.get(id),
      keys: { parsePrivateKey, needsPassphrase, generateKeyPair },
      checkHostname,
      checkTarget: (way, signal) => createTargetCheck({ policy: policy(), resolve: resolveName })(way, signal),
      ignoredOptions: (plan) => lastArguments.ignoredOf(plan),
      limits: () => ({ total: settings.config.session.maxTotal, perOwner: settings.config.session.maxPerUser }),
      clock,
      nodeId,
      diagnose: createDiagnose({
        policy,
        resolve: resolveName,
        trust,
        guacdAddress: (signal) => findAddress(guacd, signal),
        authorities: () => authorities,
        limits: () => ({ ...sshTimeouts(settings.config), guacd: guacdTimeouts(settings.config) }),
        wholeMs: diagnosisMs,
        clock,
        log,
      }),
      turns: new Turns(),
    },
  });

  const listenWith = {
    limits: { ...config.server, tlsHandshakeTimeoutSeconds: config.tls.handshakeTimeoutSeconds },
    isTrustedProxy: addressList(config.server.trustedProxies).has,
    onRefused: () => counts.rateLimited("connections"),
    log,
  };
  if (config.ops.port !== 0) {
    const lag = startLagProbe(counts.lagged);
    disposal.add("lag probe", () => lag.stop());
    const ops = await listen({ app: opsApp, ...config.ops, tls: null, ...listenWith });
    // Closed after everything that people use, so that it tells until then that the gateway is not ready.
    disposal.add("ops listener", () => ops.close(drainMs));
    log.info({ url: `http://${urlHost(config.ops.host)}:${ops.port}` }, "ops listening");
  }
  const listening = await listen({ app, host: config.server.host, port: config.server.port, tls, ...listenWith });
  disposal.add("listener", () => listening.close(drainMs));
  disposal.add("event streams", () => streams.close());
  disposal.add("sessions", () =>
    directory.endAll({ reason: "shutdown", detail: "The gateway was stopped." }, gatewayActor),
  );
  disposal.add("new connections", () => listening.stopAccepting());
  listener = listening;
  const firstKey = await makeFirstKey(adminKeys);
  const url = config.server.publicUrl ?? `${tls ? "https" : "http"}://${urlHost(config.server.host)}:${listening.port}`;
  return {
    url,
    port: listening.port,
    firstKey,
    reloadCertificate: () => listening.reloadCertificate(),
    reloadGuacds,
    close: () => disposal.dispose(),
  };
};

interface OpenedGuacd {
  readonly guacd: GuacdSource;
  reload(): Promise<void>;
}

/** The guacds that the configuration names, else one of our own that we run and watch. */
const openGuacd = async (settings: Settings, log: Logger): Promise<OpenedGuacd> => {
  const { guacd, ssh } = settings.config;
  if (guacd.addresses.length === 0) {
    const path = guacd.path ?? (await findGuacd());
    if (path === null) throw new Error("guacd is not installed: run npm start, or set guacd.path or guacd.addresses");
    return { guacd: new ManagedGuacd({ path, log }), reload: async () => undefined };
  }
  const { forwardBindAddress: bindAddress, forwardAdvertisedHost } = ssh;
  await tryBindAddress(bindAddress).catch((cause) => {
    throw new Error(`ssh.forward_bind_address: this host does not have ${bindAddress}`, { cause });
  });
  let ca = await readGuacdAuthority(settings.config);
  const addresses = () => guacdAddresses(settings.config, ca);
  const timeouts = () => guacdTimeouts(settings.config);
  const pool = new GuacdPool({
    addresses: addresses(),
    door: { bindAddress, advertisedHost: forwardAdvertisedHost ?? bindAddress },
    resolve: resolveName,
    checks: {
      check: (address, signal) => checkGuacd({ address, timeouts: timeouts(), signal }),
      knock: (address, signal) => knockGuacd(address, timeouts().connectMs, signal),
    },
    log,
  });
  return {
    guacd: pool,
    reload: async () => {
      try {
        ca = await readGuacdAuthority(settings.config);
      } finally {
        pool.use(addresses());
      }
    },
  };
};

/** Where a session would be drawn now. */
const findAddress = async (guacd: GuacdSource, signal: AbortSignal): Promise<GuacdAddress> => {
  const lease = await guacd.lease(signal);
  lease.release();
  return lease.address;
};

const makeFirstKey = async (adminKeys: ReturnType<typeof createAdminKeys>): Promise<Secret<string> | null> => {
  if ((await adminKeys.list()).length > 0) return null;
  return (await adminKeys.create({ name: "first-admin" }, gatewayActor)).key;
};

const urlHost = (host: string): string => {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};
