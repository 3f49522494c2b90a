import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { createAdminKeyStore } from "../../src/access/admin-key-store.ts";
import { type AdminKeys, createAdminKeys } from "../../src/access/admin-keys.ts";
import { createLoginStore } from "../../src/access/login-store.ts";
import { createPersonStore } from "../../src/access/person-store.ts";
import { hashToken, newToken } from "../../src/access/token.ts";
import { loadKey, openDataDir, sweepRunPath } from "../../src/config/data-dir.ts";
import { loadConfig } from "../../src/config/load.ts";
import { Settings } from "../../src/config/settings.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import { createLogger, type Logger } from "../../src/core/log.ts";
import { type Actor, type Role, systemPrincipal } from "../../src/core/principal.ts";
import { Secret } from "../../src/core/secret.ts";
import { type Database, openDatabase } from "../../src/db/open.ts";
import { startGateway } from "../../src/gateway.ts";
import { createKnownHostStore, type KnownHostStore } from "../../src/resources/known-hosts/store.ts";
import { createSessionStore, type SessionStore } from "../../src/sessions/session-store.ts";
import { withTestGuacd } from "./guacd.ts";
import { noRateLimits } from "./rate-limits.ts";

/** A gateway in this process, on a free port and with a data directory of its own, that may reach loopback targets and limits no calls. */
export interface TestGateway {
  readonly url: string;
  /** The same without a public URL. */
  readonly listenUrl: string;
  readonly dataDir: string;
  /** Of the first admin key. */
  readonly adminKey: string;
  readonly sessions: SessionStore;
  readonly adminKeys: AdminKeys;
  readonly knownHosts: KnownHostStore;
  /** Who does what the test does in the stores. */
  readonly actor: Actor;
  /** A second connection to its database. */
  readonly database: Database["kysely"];
  /** Everything it has logged so far, one JSON object a line. */
  logs(): string;
  forgetLogs(): void;
  /** The session id (setsid(2)) of the guacd that it runs now, as the log names it. */
  guacdSession(): Promise<number>;
  /** Makes a person of that role, with a name of its own unless given, signed in; gives the Cookie header. */
  signIn(role: Role, givenEmail?: string): Promise<{ cookie: string; personId: string; email: string }>;
  addKey(name: string, options?: { allowedIps?: string[]; expiresAtMs?: number; disabled?: boolean }): Promise<string>;
  close(): Promise<void>;
}

const loopbackToo = "127.0.0.0/8,::1/128,10.0.0.0/8";

const actor: Actor = { principal: systemPrincipal("test") };

/** Variables override those below; undefined leaves one at the gateway's own default. */
export const startTestGateway = async (
  environment: Readonly<Record<string, string | undefined>> = {},
  clock: Clock = systemClock,
): Promise<TestGateway> => {
  const dataPath = await mkdtemp(join(tmpdir(), "sallyport-gateway-"));
  const env = withTestGuacd({
    SALLYPORT_SERVER_PORT: "0",
    SALLYPORT_SERVER_DATA_DIR: dataPath,
    SALLYPORT_TARGETS_SSH_ALLOW: loopbackToo,
    SALLYPORT_TARGETS_RDP_ALLOW: loopbackToo,
    SALLYPORT_TARGETS_VNC_ALLOW: loopbackToo,
    ...noRateLimits,
    ...environment,
  });
  const settings = new Settings(() => loadConfig({ env }));
  const lines: string[] = [];
  const log: Logger = createLogger({
    level: "debug",
    pretty: false,
    destination: { write: (line) => void lines.push(line) },
  });
  const dataDir = await openDataDir(dataPath);
  await sweepRunPath(dataDir);
  const gateway = await startGateway({ settings, dataDir, key: await loadKey(dataDir), clock, log });
  const database = openDatabase(new Secret(dataDir.databasePath));
  const people = createPersonStore(database);
  const logins = createLoginStore(database);
  const adminKeys = createAdminKeys({ store: createAdminKeyStore(database), clock: systemClock, lastStays: false });

  return {
    url: gateway.url,
    listenUrl: `http://127.0.0.1:${gateway.port}`,
    dataDir: dataPath,
    adminKey: gateway.firstKey?.reveal() ?? "",
    sessions: createSessionStore(database),
    adminKeys,
    knownHosts: createKnownHostStore(database, systemClock),
    actor,
    database: database.kysely,
    logs: () => lines.join(""),
    forgetLogs: () => void lines.splice(0),
    guacdSession: async () => {
      for (const deadlineMs = performance.now() + 10_000; performance.now() < deadlineMs; await delay(50)) {
        const start = lines.findLast((line) => line.includes('"guacd started"'));
        if (start) return z.object({ pid: z.int() }).parse(JSON.parse(start)).pid;
      }
      throw new Error("The gateway has started no guacd within 10 s.");
    },

    signIn: async (role, givenEmail) => {
      const nowMs = clock.nowMs();
      const email = givenEmail ?? `${role}-${newToken("").reveal().slice(0, 8).toLowerCase()}@example.com`;
      const person = await people.insert({ email, name: null, role }, actor, nowMs);
      const token = newToken("");
      const login = { tokenHash: hashToken(token), holder: { personId: person.id }, expiresAtMs: nowMs + 3_600_000 };
      await logins.insert(login, actor, nowMs);
      return { cookie: `sallyport=${token.reveal()}`, personId: person.id, email: person.email };
    },

    addKey: async (name, { allowedIps = [], expiresAtMs, disabled = false } = {}) => {
      const { key } = await adminKeys.create({ name, allowedIps, expiresAtMs: expiresAtMs ?? null }, actor);
      if (disabled) await adminKeys.disable({ name }, actor);
      return key.reveal();
    },

    close: async () => {
      await gateway.close();
      await database.close();
      await rm(dataPath, { recursive: true, force: true });
    },
  };
};
