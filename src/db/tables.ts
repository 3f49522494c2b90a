import type { KeyKind } from "../core/key-place.ts";
import type { KeyOrigin, KeyState } from "../core/known-key.ts";
import type { EndReason } from "../core/session-end.ts";

/** The tables as migrations/ makes them. Times are milliseconds since the Unix epoch; `string` lists are JSON text. */
export interface Tables {
  person: PersonTable;
  admin_key: AdminKeyTable;
  login: LoginTable;
  session: SessionTable;
  known_host: KnownHostTable;
  audit: AuditTable;
}

export interface PersonTable {
  id: string;
  email: string;
  name: string | null;
  oidc_issuer: string | null;
  oidc_subject: string | null;
  oidc_groups: string;
  role: string;
  role_source: string;
  disabled_at: number | null;
  created_at: number;
  last_login_at: number | null;
}

export interface AdminKeyTable {
  id: string;
  name: string;
  key_hash: string;
  allowed_ips: string;
  expires_at: number | null;
  disabled_at: number | null;
  created_at: number;
  last_used_at: number | null;
}

export interface LoginTable {
  id: string;
  token_hash: string;
  person_id: string | null;
  admin_key_id: string | null;
  created_at: number;
  expires_at: number;
}

export interface SessionTable {
  id: string;
  protocol: string;
  prior_status: "new" | "pending" | "active";
  status: "pending" | "active" | "ended";
  hostname: string | null;
  port: number | null;
  username: string | null;
  hops: string;
  settings: string;
  sealed_secrets: string | null;
  width: number | null;
  height: number | null;
  dpi: number | null;
  banner_text: string | null;
  owner_kind: "user" | "api_key";
  owner_id: string;
  created_by: string;
  node_id: string;
  warnings: string;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  end_reason: EndReason | null;
  end_detail: string | null;
}

export interface KnownHostTable {
  id: string;
  kind: KeyKind;
  path: string;
  host: string;
  port: number;
  key_type: string;
  public_key: string;
  fingerprint: string;
  state: KeyState;
  origin: KeyOrigin;
  first_seen_at: number;
  first_seen_by: string;
  last_seen_at: number | null;
  last_seen_by: string | null;
  decided_at: number | null;
  decided_by: string | null;
}

export interface AuditTable {
  id: string;
  at: number;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  action: string;
  object_kind: string;
  object_id: string;
  details: string;
  request_id: string | null;
  address: string | null;
}
