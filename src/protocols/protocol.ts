import type { Disposal } from "../core/disposal.ts";
import type { CheckedCertificate, Endpoint, PreparedEndpoint, Road } from "../core/endpoint.ts";
import type { Secret } from "../core/secret.ts";

/** What guacd is told: its protocol name and arguments by guacd's own names. Absent ones keep guacd's default. */
export interface GuacdPlan {
  readonly protocol: string;
  /** What was asked for: the person is told of names that the running guacd does not know. */
  readonly args: Readonly<Record<string, string>>;
  /** What we add on our own, told which names the running guacd knows; nobody misses the others. `args` win. */
  readonly defaults?: (known: ReadonlySet<string>) => Readonly<Record<string, string>>;
}

/** How to sign in to an SSH server. Several may be given; the server's order of methods decides. */
export interface SshCredentials {
  readonly username: string | null;
  readonly password: Secret<string> | null;
  readonly privateKey: Secret<string> | null;
  readonly passphrase: Secret<string> | null;
}

/** One SSH session in the gateway's hands, towards which guacd is sent. */
export interface SshRelayRequest {
  readonly target: Endpoint;
  readonly credentials: SshCredentials;
  /** A pinned public host key line (`ssh-ed25519 AAAA…`, or a known_hosts line), or null for the known-hosts policy. */
  readonly hostKey: string | null;
  /** Runs instead of a login shell. */
  readonly command: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

/** A guarded way for guacd to one target. */
export interface ForwardRequest {
  readonly target: Endpoint;
  /**
   * The handshake to look on at: of `rfb`, so that a refused sign-in is known; of an RDP target whose certificate was
   * checked, so that guacd meets no other one.
   */
  readonly speaks?: "rfb" | CheckedCertificate;
}

/** How an RDP target is asked for its certificate: as guacd will connect to it. */
export interface CertificateRequest {
  readonly target: Endpoint;
  readonly security?: "any" | "nla" | "nla-ext" | "tls" | "vmconnect" | undefined;
  /** What a connection broker chooses the machine by. */
  readonly routingToken?: string | undefined;
  /** By which the machine is chosen before anything is negotiated; TLS begins at once then. */
  readonly preconnection?: { readonly id?: number | undefined; readonly blob?: string | undefined } | undefined;
}

/** What a session hands to `prepare`; every close goes on its disposal, every wait hears its signal. */
export interface Prepare {
  readonly target: Endpoint;
  readonly username: string | null;
  readonly settings: unknown;
  readonly road: Road;
  readonly disposal: Disposal;
  readonly signal: AbortSignal;
  /** A secret of this session by field name (`password`, `private_key`, `gateway_password`), or null. */
  secret(name: string): Secret<string> | null;
  /** Signs in to the target and opens the loopback relay that guacd is sent to. Rejects with `SessionFailure`. */
  openSshRelay(request: SshRelayRequest): Promise<PreparedEndpoint>;
  /**
   * Reads the certificate of an RDP target over a connection of its own and has it judged. Rejects with `SessionFailure`
   * (`certificate_untrusted`, `target_unreachable`).
   */
  checkCertificate(request: CertificateRequest): Promise<CheckedCertificate>;
  /** Dials the target and opens the loopback forward that guacd is sent to. Rejects with `SessionFailure`. */
  openForward(request: ForwardRequest): Promise<PreparedEndpoint>;
}

/** A session protocol: one folder here plus one line in `index.ts`. */
export interface SessionProtocol {
  readonly id: string;
  readonly label: string;
  readonly defaultPort: number;
  /** guacd reads keys of this protocol as UTF-16 units: a character beyond 16 bits is sent to it as two. */
  readonly keysAsUtf16: boolean;
  /** JSON Schema of the non-secret settings: API check, form, docs. */
  readonly settingsSchema: { readonly properties?: Readonly<Record<string, unknown>> };
  /** Which fields of a create request say how to sign in (`password`, `generate_keypair`, …). */
  readonly credentialFields: readonly string[];
  /** Settings that only admins may give: those marked `adminOnly` in the schema. */
  readonly adminFields: readonly string[];
  /**
   * What to ask the person for when guacd says that the target refused the sign-in: `username`, `password`, `domain`. None
   * where `prepare` signs in, and asks, by itself.
   */
  readonly signInNames: readonly string[];
  /** The setting for which guacd dials by itself, so that no hop can come before; null when it does not. */
  dialsItself(settings: unknown): string | null;
  /** Checks settings and returns them with defaults; throws `ZodError` whose paths are field names. */
  parseSettings(settings: unknown): Record<string, unknown>;
  /** What guacd is told for parsed settings. */
  plan(endpoint: PreparedEndpoint, settings: unknown): GuacdPlan;
  /** Opens what the session needs before guacd is dialled, and says where guacd is sent. */
  prepare?(session: Prepare): Promise<PreparedEndpoint>;
}
