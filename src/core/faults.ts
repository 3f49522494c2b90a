/**
 * What can be wrong with a way to a target: the closed list. Each is named where it is found; the connection doctor tells it as
 * `cause` and knows what to do about it.
 */
export const faults = [
  // Where one may go.
  "target_not_allowed",
  "hop_not_allowed",
  // From the gateway to the first host.
  "name_unknown",
  "name_server_silent",
  "connection_refused",
  "connection_dropped",
  "network_unreachable",
  // What answers there, whatever it speaks.
  "closed_silently",
  "server_silent",
  // From a hop to the next host.
  "name_unknown_at_hop",
  "refused_behind_hop",
  "silent_behind_hop",
  "unreachable_behind_hop",
  "forwarding_off",
  "destination_not_permitted",
  "forwarding_unsupported",
  "hop_lost",
  // SSH, as far as it is one.
  "not_ssh",
  "ssh_overloaded",
  "no_common_algorithm",
  "key_exchange_cut",
  // Who a server is.
  "host_key_changed",
  "host_key_not_approved",
  "host_key_not_imported",
  "host_key_revoked",
  "certificate_changed",
  "certificate_untrusted",
  "certificate_expired",
  "certificate_other_name",
  "certificate_revoked",
  "certificate_missing",
  "clock_skew",
  // Signing in.
  "credentials_missing",
  "passphrase_missing",
  "passphrase_wrong",
  "password_wrong",
  "password_not_offered",
  "password_expired",
  "key_refused",
  "code_needed",
  "too_many_tries",
  "sign_in_cut",
  "sign_in_silent",
  // RDP and VNC.
  "not_rdp",
  "rdp_security_mismatch",
  "rdp_tls_failed",
  "not_vnc",
  "vnc_security_unsupported",
  "vnc_turned_away",
  // guacd.
  "guacd_down",
  "guacd_silent",
  "guacd_address_wrong",
  "guacd_tls_failed",
  "guacd_lacks_protocol",
  "guacd_lacks_option",
  // The gateway itself.
  "own_limit_reached",
  "gateway_limit_reached",
  "out_of_time",
] as const;
export type Fault = (typeof faults)[number];
