import { newId } from "../../src/core/ids.ts";
import type { Role } from "../../src/core/principal.ts";
import type { EndReason } from "../../src/core/session-end.ts";
import type { SessionOwner } from "../../src/sessions/session.ts";
import { isSync, sessionApi } from "./session-api.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";
import { startVncHost, type VncHost } from "./vnc-host.ts";

/** A gateway whose database tells a story, with a person of each role. */
export interface PortalPlace {
  readonly gateway: TestGateway;
  readonly cookies: Readonly<Record<Role, string>>;
  close(): Promise<void>;
}

const emails: Readonly<Record<Role, string>> = {
  admin: "a.lindqvist@northwind.example",
  poweruser: "m.keller@northwind.example",
  operator: "j.osei@northwind.example",
  viewer: "t.moreau@northwind.example",
};
const roles = Object.keys(emails) as Role[]; // its keys are the roles, which TypeScript does not tell

interface Person {
  readonly cookie: string;
  readonly owner: SessionOwner;
  readonly email: string;
}

/** Where nobody has done anything yet. */
const openEmptyPlace = async (): Promise<PortalPlace> => {
  const { gateway, people } = await openPlace({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
  return { gateway, cookies: cookiesOf(people), close: () => gateway.close() };
};

/** Where people work: sessions that run, real ones behind their rows, and others in every state; keys and host keys. */
const openBusyPlace = async (): Promise<PortalPlace> => {
  const [{ gateway, people }, screen] = await Promise.all([openPlace({}), startVncHost()]);
  const close = async () => {
    await gateway.close();
    await screen.stop();
  };
  try {
    await liveOneDay(gateway, people, screen);
    return { gateway, cookies: cookiesOf(people), close };
  } catch (error) {
    await close();
    throw error;
  }
};

const liveOneDay = async (
  gateway: TestGateway,
  people: Readonly<Record<Role, Person>>,
  screen: VncHost,
): Promise<void> => {
  for (const [role, row] of attachedRows) {
    const api = sessionApi(gateway, people[role].cookie, {
      session_type: "vnc",
      hostname: screen.host,
      port: screen.port,
    });
    const id = await api.create({ password: screen.password });
    const client = await api.attach(id);
    await client.waitFor(isSync);
    // The session is real, and its row tells of a machine that one would rather see.
    const { protocol, username, hostname, port, minutes } = row;
    const sinceMs = Date.now() - minutes * 60_000;
    await gateway.database
      .updateTable("session")
      .set({ protocol, username, hostname, port, created_at: sinceMs, started_at: sinceMs })
      .where("id", "=", id)
      .execute();
  }
  for (const [role, row] of restingRows) await insertSession(gateway, people[role], row);
  await insertHostKeys(gateway);
  await gateway.addKey("netbox", { allowedIps: ["10.20.0.0/16"] });
  await gateway.addKey("nightly-report", { expiresAtMs: Date.now() + 12 * 86_400_000 });
  await gateway.addKey("old-laptop", { disabled: true });
};

/** Where a thousand sessions are listed. */
const openCrowdedPlace = async (): Promise<PortalPlace> => {
  const { gateway, people } = await openPlace({
    SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1",
    SALLYPORT_SESSION_PENDING_TIMEOUT_SECONDS: "86400",
  });
  const protocols = ["ssh", "rdp", "vnc"];
  for (let count = 0; count < 1000; count++) {
    const protocol = protocols[count % 3] ?? "ssh";
    const hostname = `10.20.${count >> 8}.${count & 255}`;
    await insertSession(gateway, people.admin, { protocol, username: "deploy", hostname, port: 22, minutes: count });
  }
  return { gateway, cookies: cookiesOf(people), close: () => gateway.close() };
};

/** Each opens a gateway of its own; whoever opens one closes it. */
export const portalPlaces = { empty: openEmptyPlace, busy: openBusyPlace, crowded: openCrowdedPlace } as const;

const openPlace = async (environment: Readonly<Record<string, string>>) => {
  const gateway = await startTestGateway(environment);
  const signIn = async (role: Role): Promise<[Role, Person]> => {
    const { cookie, personId, email } = await gateway.signIn(role, emails[role]);
    return [role, { cookie, email, owner: { kind: "user", id: personId } }];
  };
  const people = Object.fromEntries(await Promise.all(roles.map(signIn))) as Record<Role, Person>; // one for each role
  return { gateway, people };
};

const cookiesOf = (people: Readonly<Record<Role, Person>>): Record<Role, string> => ({
  admin: people.admin.cookie,
  poweruser: people.poweruser.cookie,
  operator: people.operator.cookie,
  viewer: people.viewer.cookie,
});

interface Row {
  readonly protocol: string;
  readonly username: string;
  readonly hostname: string;
  readonly port: number;
  /** How long ago it was made. */
  readonly minutes: number;
  /** Absent while it waits to be opened. */
  readonly ran?: { readonly minutes: number; readonly reason: EndReason; readonly detail: string | null };
}

const ssh = { protocol: "ssh", port: 22 };
const rdp = { protocol: "rdp", port: 3389 };
const vnc = { protocol: "vnc", port: 5900 };

const attachedRows: readonly (readonly [Role, Row])[] = [
  ["poweruser", { ...ssh, username: "deploy", hostname: "web-01.internal", minutes: 134 }],
  ["poweruser", { ...rdp, username: "m.keller", hostname: "10.20.4.30", minutes: 27 }],
  ["poweruser", { ...vnc, username: "kiosk", hostname: "10.20.9.77", minutes: 3 }],
  ["admin", { ...ssh, username: "backup", hostname: "db-02.internal", minutes: 8 }],
  ["admin", { ...ssh, username: "root", hostname: "10.20.9.61", minutes: 41 }],
];

const failed = (reason: EndReason, detail: string | null, minutes = 0) => ({ reason, detail, minutes });

const restingRows: readonly (readonly [Role, Row])[] = [
  ["poweruser", { ...ssh, username: "deploy", hostname: "10.20.9.80", minutes: 1 }],
  [
    "poweruser",
    {
      ...ssh,
      username: "deploy",
      hostname: "web-02.internal",
      minutes: 190,
      ran: failed("target_closed", "The shell ended with exit status 0.", 48),
    },
  ],
  [
    "poweruser",
    {
      ...rdp,
      username: "m.keller",
      hostname: "10.20.4.31",
      minutes: 320,
      ran: failed("auth_failed", "The target refused the sign-in."),
    },
  ],
  [
    "poweruser",
    {
      ...vnc,
      username: "kiosk",
      hostname: "10.20.9.78",
      minutes: 1500,
      ran: failed("target_unreachable", "10.20.9.78 refuses connections on port 5900: nothing listens there."),
    },
  ],
  [
    "operator",
    {
      ...ssh,
      username: "backup",
      hostname: "db-01.internal",
      minutes: 1600,
      ran: failed("terminated", "a.lindqvist ended this session.", 15),
    },
  ],
  ["admin", { ...rdp, username: "svc", hostname: `${"long-".repeat(12)}name.northwind.example`, minutes: 2 }],
  ["admin", { ...ssh, username: "root", hostname: "10.20.9.62", minutes: 2900, ran: failed("client_gone", null, 122) }],
];

const insertSession = async (gateway: TestGateway, person: Person, row: Row): Promise<void> => {
  const { protocol, username, hostname, port, minutes, ran } = row;
  const id = newId();
  const createdAtMs = Date.now() - minutes * 60_000;
  await gateway.sessions.insertPending(
    {
      ...{ id, protocol, username, hostname, port, createdAtMs, settings: {}, width: null, height: null, dpi: null },
      ...{ bannerText: null, owner: person.owner, createdBy: person.email, nodeId: "local", warnings: [], hops: [] },
    },
    null,
    { total: 2000, perOwner: 2000 },
    gateway.actor,
  );
  if (!ran) return;
  if (ran.minutes > 0) await gateway.sessions.activate(id, [], gateway.actor, createdAtMs + 2000);
  await gateway.sessions.end(id, ran, gateway.actor, createdAtMs + ran.minutes * 60_000 + 5000);
};

const insertHostKeys = async (gateway: TestGateway): Promise<void> => {
  const hosts = ["10.20.9.61", "db-02.internal", "web-01.internal", "web-02.internal"];
  const rows = hosts.map((host, index) => ({
    id: newId(),
    kind: "ssh" as const,
    state: index === 0 ? ("pending" as const) : ("trusted" as const),
    origin: "session" as const,
    path: "",
    host,
    port: 22,
    key_type: "ssh-ed25519",
    public_key: Buffer.from(`key of ${host}`).toString("base64"),
    fingerprint: `SHA256:${Buffer.from(`fingerprint of ${host}, padded out`).toString("base64url").slice(0, 43)}`,
    first_seen_at: Date.now() - (index + 2) * 86_400_000,
    first_seen_by: emails.poweruser,
    last_seen_at: Date.now() - (index + 1) * 3_600_000,
  }));
  await gateway.database.insertInto("known_host").values(rows).execute();
};
