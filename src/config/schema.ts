import { isIP } from "node:net";
import { z } from "zod";
import { isCidr } from "../core/cidr.ts";
import { keyPolicies } from "../core/known-key.ts";
import { Secret } from "../core/secret.ts";

/** The longest wait a Node timer can hold, 2^31 - 1 ms, in whole seconds. */
const longestTimerSeconds = 2_147_483;

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

const table = <const S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, { error: (issue) => (issue.code === "invalid_type" ? "must be a table" : undefined) });

const whole = (fallback: number, limits: { min: number; max: number }, meaning: string) => {
  const error = `must be a whole number from ${limits.min} to ${limits.max}`;
  return z.int({ error }).min(limits.min, error).max(limits.max, error).default(fallback).describe(meaning);
};

const seconds = (fallback: number, meaning: string) => whole(fallback, { min: 1, max: 3600 }, meaning);
const longSeconds = (fallback: number, min: 0 | 1, meaning: string) =>
  whole(fallback, { min, max: longestTimerSeconds }, meaning);

const text = z.string({ error: "must be text" });
const filled = text.min(1, "must not be empty");
/** Text whose empty string says "not set", so that the example file can name the key. */
const optional = (meaning: string) =>
  text
    .default("")
    .transform((value) => (value === "" ? null : value))
    .describe(meaning);

const rate = (fallback: number, meaning: string) => whole(fallback, { min: 0, max: 10_000 }, `${meaning} 0: no limit.`);

const cidrs = (fallback: string[], meaning: string) =>
  z
    .array(text.refine(isCidr, "must be an address or a CIDR such as 10.0.0.0/8"), { error: "must be a list of CIDRs" })
    .default(fallback)
    .describe(meaning);

const onlyWhenListed = "Loopback, link-local and cloud metadata addresses only when listed.";

const namesBehindHops = (meaning: string) =>
  z
    .array(text.regex(/^[\w*.-]+$/, "must be a name such as db-1.example or *.example"), {
      error: "must be a list of names",
    })
    .default(["*"])
    .describe(`${meaning}; * stands for any text. Addresses have to be in allow.`);

/** What one protocol may reach. */
const reach = (protocol: string) =>
  table({
    allow: cidrs(privateRanges, `Addresses that ${protocol} sessions may reach. ${onlyWhenListed}`),
    allow_names_behind_hops: namesBehindHops(
      `Names that ${protocol} sessions may reach behind hops, the last of which looks them up`,
    ),
  }).prefault({});

const hopAddress = text.refine(
  (value) => value === "ssh" || isCidr(value),
  "must be ssh, an address or a CIDR such as 10.0.0.0/8",
);

const hopReach = table({
  allow: z
    .array(hopAddress, { error: "must be a list of CIDRs" })
    .default(["ssh"])
    .describe(`Addresses that hops may have. ${onlyWhenListed} ssh stands for all of targets.ssh.allow.`),
  allow_names_behind_hops: namesBehindHops("Names of hops behind other hops, which look them up"),
}).prefault({});

const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

/** A running guacd. `host` is a name or an address without brackets. */
export interface GuacdAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

const guacdAddress = text.transform((value, context): GuacdAddress => {
  const [, tls, host = "", port] = /^(tls:\/\/)?(\[[\da-f:.]+\]|[^\s:/[\]@]+):(\d{1,5})$/i.exec(value) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535)
    context.addIssue({ code: "custom", message: "must be host:port or tls://host:port" });
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port), tls: tls !== undefined };
});

const publicUrl = text
  .default("")
  .transform((value, context) => {
    if (value === "") return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    const bare = url !== null && url.pathname === "/" && !/[?#@]/.test(value);
    if (url && bare && /^https?:$/.test(url.protocol)) return url.origin;
    context.addIssue({ code: "custom", message: "must be http://host or https://host, with a port where needed" });
    return z.NEVER;
  })
  .describe(
    "The address that browsers use, such as https://gateway.example.com; decides cookies, redirects and Origin checks. Empty: derived from the listener.",
  );

const databaseUrl = text
  .regex(/^$|^postgres(ql)?:\/\/\S+$/, "must be postgres://user:password@host/name")
  .default("")
  .transform((value) => (value === "" ? null : new Secret(value)))
  .meta({
    description:
      "A PostgreSQL database, postgres://user:password@host/name. Empty: a SQLite file in the data directory.",
    secret: true,
  });

/** Every key there is, as the file spells it, with its default and its meaning. A key that is not here is refused. */
export const configSchema = table({
  server: table({
    host: filled.default("127.0.0.1").describe("Name or address to listen on."),
    port: whole(8089, { min: 0, max: 65535 }, "Port to listen on. 0: any free one, told in the listening line."),
    public_url: publicUrl,
    trusted_proxies: cidrs([], "Proxies whose X-Forwarded-For is believed."),
    site_title: filled.max(100, "at most 100 characters").default("Sallyport").describe("Name that the pages show."),
    headers_timeout_seconds: seconds(
      15,
      "Longest wait for a request's headers, and for a new connection to say a word.",
    ),
    body_timeout_seconds: seconds(15, "Longest wait for a request's body."),
    keep_alive_seconds: seconds(10, "How long a connection is kept for a next request."),
    slow_reader_seconds: seconds(60, "How long a caller may take nothing of an answer before it is disconnected."),
    max_connections_per_address: whole(
      256,
      { min: 0, max: 100_000 },
      "Most connections from one address on which nobody is known yet. Those of trusted_proxies are not counted. 0: no limit.",
    ),
    data_dir: filled
      .default("./data")
      .describe("Holds database and key file; made with mode 0700. Seen from the working directory when relative."),
  }).prefault({}),
  ops: table({
    host: filled.default("127.0.0.1").describe("Name or address where metrics and readiness listen."),
    port: whole(0, { min: 0, max: 65535 }, "Port of metrics and readiness. 0: none."),
  }).prefault({}),
  tls: table({
    cert_path: optional("Certificate chain in PEM; with tls.key_path the gateway speaks https. Empty: plain http."),
    key_path: optional("Private key of the certificate in PEM."),
    handshake_timeout_seconds: seconds(10, "Longest wait for a TLS handshake."),
  }).prefault({}),
  database: table({ url: databaseUrl }).prefault({}),
  guacd: table({
    path: optional("The guacd program that the gateway runs and watches itself. Empty: the guacd of this host."),
    addresses: z
      .array(guacdAddress, { error: "must be a list of addresses" })
      .prefault([])
      .describe(
        "Running guacds to use instead, each host:port or tls://host:port; sessions are shared out among them.",
      ),
    ca_path: optional(
      "Certificate authority in PEM that a tls:// guacd must be signed by. Empty: those of the system.",
    ),
    connect_timeout_seconds: seconds(5, "Longest wait for a connection to guacd."),
    args_timeout_seconds: seconds(10, "Longest wait for guacd to name its arguments."),
    ready_timeout_seconds: seconds(5, "Longest wait for guacd to take the session."),
    first_sync_timeout_seconds: seconds(30, "Longest wait for the first picture."),
    silence_timeout_seconds: whole(
      15,
      { min: 11, max: 3600 },
      "Longest silence of guacd before it counts as lost. When all is well it is silent for up to 10 s.",
    ),
  }).prefault({}),
  ssh: table({
    connect_timeout_seconds: seconds(10, "Longest wait for a TCP connection to an SSH server."),
    key_exchange_timeout_seconds: seconds(10, "Longest wait for its key exchange."),
    auth_timeout_seconds: seconds(10, "Longest wait for its sign-in."),
    channel_timeout_seconds: seconds(10, "Longest wait for its shell or command."),
    host_key_policy: choice(keyPolicies)
      .default("tofu")
      .describe(
        "What decides about a host key or RDP certificate that is not known yet. tofu: it is trusted. pinned: it is refused. ask-admin: it is refused until an admin approves it.",
      ),
    forward_bind_address: text
      .refine((value) => isIP(value) !== 0, "must be an address such as 127.0.0.1")
      .default("127.0.0.1")
      .describe(
        "Address of this host where guacd is let in to a session of any protocol. Another than 127.0.0.1 is for a guacd of yours that does not share this host's loopback.",
      ),
    forward_advertised_host: optional("Name or address by which that guacd reaches it. Empty: the bind address."),
  }).prefault({}),
  tunnel: table({
    slow_reader_seconds: seconds(15, "How long a browser may fail to take what is sent before it is disconnected."),
    ping_seconds: seconds(10, "How often a browser is pinged. One that leaves two pings unanswered is disconnected."),
  }).prefault({}),
  session: table({
    pending_timeout_seconds: longSeconds(300, 1, "How long a created session waits for its browser."),
    banner_timeout_seconds: longSeconds(900, 0, "How long a banner waits for Continue. 0: no limit."),
    max_duration_seconds: longSeconds(28_800, 0, "Longest session. 0: no limit."),
    idle_timeout_seconds: longSeconds(3600, 0, "A session without input ends after this time. 0: no limit."),
    resume_seconds: longSeconds(300, 0, "How long a session is kept after its browser was lost. 0: it ends at once."),
    prompt_timeout_seconds: longSeconds(120, 0, "How long a question waits for its answer. 0: no limit."),
    history_days: whole(90, { min: 0, max: 36_500 }, "How long ended sessions are listed. 0: for ever."),
    max_total: whole(500, { min: 1, max: 100_000 }, "Most sessions at a time."),
    max_per_user: whole(50, { min: 1, max: 100_000 }, "Most sessions at a time of one person or key."),
  }).prefault({}),
  targets: table({ ssh: reach("SSH"), rdp: reach("RDP"), vnc: reach("VNC"), hops: hopReach }).prefault({}),
  auth: table({ session_ttl_seconds: longSeconds(43_200, 1, "How long a sign-in lasts.") }).prefault({}),
  rate_limit: table({
    api_per_second: rate(20, "API calls a second that a person, a key or an unknown address may go on making."),
    api_burst: rate(100, "API calls that they may make at once."),
    session_create_per_second: rate(5, "New sessions, and tests of connections, a second of one person or key."),
    session_create_burst: rate(20, "New sessions, and tests of connections, of one person or key at once."),
    login_failures_per_minute: rate(5, "Failed sign-ins, and wrong keys, from one address in a minute."),
  }).prefault({}),
  log: table({
    level: choice(["trace", "debug", "info", "warn", "error"])
      .default("info")
      .describe("The least level that is logged."),
    format: choice(["auto", "pretty", "json"])
      .default("auto")
      .describe("pretty: for people; json: one object a line; auto: pretty on a terminal, else json."),
  }).prefault({}),
});

type CamelCase<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;
type Frozen<T> = T extends string | number | boolean | null | Secret<unknown>
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Item[]
    : { readonly [K in keyof T as CamelCase<K>]: Frozen<T[K]> };

/** The whole configuration: deeply frozen, key names in camel case (`config.session.idleTimeoutSeconds`). */
export type Config = Frozen<z.output<typeof configSchema>>;
