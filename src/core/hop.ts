import type { Endpoint } from "./endpoint.ts";
import type { Secret } from "./secret.ts";

/** An SSH server on the way to a target, as a session keeps it; what opens it is among the session's secrets. */
export interface Hop extends Endpoint {
  readonly username: string;
  /** The only key that is accepted from it, as a host key line, or null for the known-hosts policy. */
  readonly hostKey: string | null;
}

/** A hop with what opens it. */
export interface OpenableHop extends Hop {
  readonly password: Secret<string> | null;
  readonly privateKey: Secret<string> | null;
  /** Of the key; sessions keep keys that have none. */
  readonly passphrase: Secret<string> | null;
}

/** The name of a hop's secret among those of its session; `index` counts from 0. */
export const hopSecretName = (index: number, field: "password" | "private_key" | "passphrase"): string =>
  `jump_hosts[${index}].${field}`;
