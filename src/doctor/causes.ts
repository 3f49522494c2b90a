import type { Fault } from "../core/faults.ts";

/** What a cause means, and what can be done about it, the likeliest first. */
interface Cause {
  readonly meaning: string;
  readonly fix: readonly string[];
}

const serverLog = "Read the log of that SSH server: it names the reason.";

/** docs/doctor.md shows this table. */
export const causes: Readonly<Record<Fault, Cause>> = {
  name_unknown: {
    meaning: "The gateway's name server does not know the name.",
    fix: ["Check the spelling of the name.", "Use the address, or add the name to the DNS that the gateway asks."],
  },
  dns_silent: {
    meaning: "The gateway's name server does not answer.",
    fix: ["Check the name servers in /etc/resolv.conf of the gateway's host.", "Use the address meanwhile."],
  },
  refused: {
    meaning: "The host is there, and nothing listens on the port.",
    fix: [
      "Check the port.",
      "Start the service on that host.",
      "Let the service listen on this address, not on loopback alone.",
    ],
  },
  silent: {
    meaning: "Nothing comes back at all: the host is off, or a firewall drops the traffic.",
    fix: [
      "Check that the host is on.",
      "Allow the gateway's address in the firewalls on the way.",
      "Add a hop that reaches it.",
    ],
  },
  unreachable: {
    meaning: "The network has no way to the host.",
    fix: ["Check the address.", "Add a route to its network on the gateway's host.", "Add a hop that reaches it."],
  },
  closed_without_word: {
    meaning: "The connection is taken and closed before a word is said.",
    fix: [
      "Look for allow-lists of the service, such as sshd's MaxStartups or hosts.deny.",
      "Check that the service runs without errors.",
    ],
  },
  mute: {
    meaning: "The connection is taken, and then nobody speaks.",
    fix: ["Check the port: another service may wait there for the client to speak first.", "Restart the service."],
  },
  target_not_allowed: {
    meaning: "The gateway's allow-list does not have the target.",
    fix: [
      "Ask an admin of the gateway to allow it in targets.*.allow, or in targets.*.allow_names_behind_hops for a name behind hops.",
    ],
  },
  hop_not_allowed: {
    meaning: "The gateway's allow-list does not have the hop.",
    fix: [
      "Ask an admin of the gateway to allow it in targets.hops.allow, or in targets.hops.allow_names_behind_hops for a name behind another hop.",
    ],
  },
  not_ssh: {
    meaning: "Another service than SSH answers at the port.",
    fix: ["Check the port: SSH servers have 22 unless they were told otherwise."],
  },
  ssh_busy: {
    meaning:
      "The SSH server takes in nobody more at this time: too many are about to sign in, or too many have failed.",
    fix: [
      "Wait for a minute and try again.",
      "Raise MaxStartups and PerSourceMaxStartups in sshd_config of that server.",
      "If too many sign-ins from the gateway have failed, name its address in PerSourcePenaltyExemptList there.",
    ],
  },
  no_common_algorithms: {
    meaning: "The server and the gateway have no way in common to encrypt.",
    fix: [
      "Update the SSH server.",
      "Allow current algorithms in its KexAlgorithms, Ciphers, MACs and HostKeyAlgorithms.",
    ],
  },
  ssh_silent: {
    meaning: "The server begins the key exchange and does not finish it.",
    fix: ["Check the MTU on the way: large packets may be lost, as in tunnels.", serverLog],
  },
  key_exchange_cut: {
    meaning: "The connection is cut in the middle of the key exchange.",
    fix: [serverLog, "Look for a firewall that inspects SSH."],
  },
  host_key_changed: {
    meaning: "The server shows another host key than the one that is known or pinned.",
    fix: [
      "Ask whoever runs the server whether it was reinstalled, and compare the fingerprint with theirs.",
      "If it was, have an admin forget the old key, or pin the new one. If it was not, someone may be in between: do not connect.",
    ],
  },
  host_key_not_trusted: {
    meaning: "The server's host key is new, and this gateway does not trust a key on first use.",
    fix: [
      "Ask an admin to compare the fingerprint and approve the key on the page Host keys.",
      "Give the host key with the session.",
    ],
  },
  host_key_revoked: {
    meaning: "The server shows a host key that was revoked: somebody else may have it.",
    fix: ["Give the server a new host key.", "If the key was revoked by mistake, have an admin forget it."],
  },
  host_key_unreadable: {
    meaning: "The server shows no host key that can be read, or the pinned one is none.",
    fix: ["Check the pinned key.", "Give the server a host key of kind Ed25519, ECDSA or RSA."],
  },
  wrong_password: {
    meaning: "The server refuses the user name with this password.",
    fix: ["Type the password anew.", "Check the user name.", "Check that the account is not locked on the server."],
  },
  key_refused: {
    meaning: "The server refuses the user name with this key.",
    fix: [
      "Add the public key to the account's authorized_keys.",
      "Check the user name.",
      "Check that home, .ssh and authorized_keys can be written by the account alone.",
    ],
  },
  password_not_offered: {
    meaning: "The server takes no passwords, and a password was given.",
    fix: ["Give a private key.", "Allow PasswordAuthentication on the server."],
  },
  key_not_offered: {
    meaning: "The server takes no keys, and a key was given.",
    fix: ["Give a password.", "Allow PubkeyAuthentication on the server."],
  },
  key_unreadable: {
    meaning: "The private key cannot be read.",
    fix: ["Paste the whole file, first and last line included.", "Write it anew with ssh-keygen -p."],
  },
  passphrase_missing: {
    meaning: "The private key is encrypted, and no passphrase was given.",
    fix: ["Give the passphrase of the key."],
  },
  passphrase_wrong: {
    meaning: "The passphrase does not open the private key.",
    fix: ["Type the passphrase anew.", "Check that it belongs to this key: ssh-keygen -y -f FILE asks for it."],
  },
  no_credentials: {
    meaning: "The server wants a user name with a password or a key, and none was given.",
    fix: ["Give a password or a private key for this hop."],
  },
  more_than_password: {
    meaning: "The hop wants more than was given: a password beside the key, or an answer, such as a one-time code.",
    fix: [
      "Give a password beside the key.",
      "If it asks for a code, start the session: its page asks for it, where a test asks nobody.",
      "Use an account for the hop that signs in with a key or a password alone.",
    ],
  },
  too_many_tries: {
    meaning: "The server has counted too many sign-ins that failed.",
    fix: [
      "Check the password and the key: they are refused.",
      "Wait until the server forgets, or raise MaxAuthTries on it.",
    ],
  },
  closed_at_sign_in: {
    meaning: "The server closes the connection at the sign-in without a reason.",
    fix: [serverLog, "Check AllowUsers, DenyUsers and the account on the server."],
  },
  sign_in_silent: {
    meaning: "The server does not answer the sign-in in time.",
    fix: ["Check the directory or RADIUS server that it asks.", "Raise ssh.auth_timeout_seconds if it is only slow."],
  },
  password_expired: {
    meaning: "The password has expired, and the server wants a new one.",
    fix: ["Sign in by another way and change the password."],
  },
  forwarding_refused: {
    meaning: "The hop forwards nothing that was tried: most likely forwarding is off there.",
    fix: [
      "Set AllowTcpForwarding to yes or local in sshd_config of the hop, and DisableForwarding to no.",
      "Where it is local already, have PermitOpen of the hop name this host and port.",
      "Check the restrictions of the key in authorized_keys of the hop.",
    ],
  },
  destination_not_permitted: {
    meaning: "The hop forwards, but not to this place.",
    fix: [
      "Have PermitOpen in sshd_config of the hop name this host and port.",
      "Have permitopen in authorized_keys of the hop name them, where the key is restricted.",
      "Set AllowTcpForwarding of the hop to yes or local, where it is remote.",
    ],
  },
  target_refused: {
    meaning: "Seen from the hop, nothing listens on the port.",
    fix: [
      "Check the port.",
      "Start the service on that host.",
      "Let the service listen on an address that the hop reaches.",
    ],
  },
  target_name_unknown: {
    meaning: "The hop's name server does not know the name.",
    fix: ["Check the spelling: the last hop looks the name up, not the gateway.", "Use the address."],
  },
  target_silent: {
    meaning: "Seen from the hop, nothing comes back at all.",
    fix: ["Check that the host is on.", "Allow the hop's address in the firewalls on the way."],
  },
  target_unreachable: {
    meaning: "The hop has no way to the host.",
    fix: ["Check the address.", "Check the routes of the hop, or go through another one."],
  },
  hop_lost: {
    meaning: "A hop that was signed in is gone.",
    fix: ["Check that the hop is up.", serverLog],
  },
  not_rdp: {
    meaning: "Another service than RDP answers at the port.",
    fix: ["Check the port: RDP has 3389 unless it was told otherwise."],
  },
  rdp_security_mismatch: {
    meaning: "The server does not take the kind of security that the session asks for.",
    fix: ["Set security to any, which leaves it to both sides.", "Set security to what the sentence names."],
  },
  tls_failed: {
    meaning: "The encrypted connection cannot be set up.",
    fix: ["Update the server: it may speak nothing newer than TLS 1.1.", "Check its certificate."],
  },
  certificate_changed: {
    meaning: "The server shows another certificate than the one that is known, and nobody vouches for it.",
    fix: [
      "Ask whoever runs the server whether its certificate was renewed, and compare the fingerprint with theirs.",
      "If it was, have an admin approve it on the page Host keys. If it was not, someone may be in between: do not connect.",
    ],
  },
  certificate_untrusted: {
    meaning: "Nobody whom the gateway trusts vouches for the server's certificate, or for this name.",
    fix: [
      "Give the server a certificate of an authority that the gateway's host trusts, for this name.",
      "Have an admin compare the fingerprint and approve the certificate on the page Host keys.",
      "Set ignore_cert if you know the server and the network on the way.",
    ],
  },
  certificate_expired: {
    meaning: "The server's certificate has expired.",
    fix: ["Renew the certificate of the server.", "Check the clock of the gateway's host."],
  },
  clock_skew: {
    meaning: "The server's certificate is not valid yet: one of the clocks is wrong.",
    fix: [
      "Set the clock of the gateway's host, by NTP.",
      "Set the clock of the host that made the certificate, and make it anew.",
    ],
  },
  not_vnc: {
    meaning: "Another service than VNC answers at the port.",
    fix: ["Check the port: VNC has 5900 plus the number of the display."],
  },
  vnc_security_unsupported: {
    meaning: "The VNC server offers only kinds of sign-in that guacd does not know.",
    fix: ["Allow VncAuth or TLSVnc among the SecurityTypes of the server."],
  },
  vnc_refuses: {
    meaning: "The VNC server wants no connection now, for a reason of its own.",
    fix: ["Follow the server's own words.", "After too many failures, wait for some minutes or restart it."],
  },
  limit_reached: {
    meaning: "There are as many sessions as there may be.",
    fix: ["End a session of yours.", "Ask an admin to raise session.max_per_user or session.max_total."],
  },
  guacd_down: {
    meaning: "guacd, which draws the sessions, cannot be reached.",
    fix: ["Ask an admin to run: sallyport doctor.", "Start guacd, or correct guacd.addresses."],
  },
  guacd_silent: {
    meaning: "guacd takes connections and does not answer.",
    fix: ["Restart guacd.", "Check that what listens there is guacd, and whether it wants TLS (tls://host:port)."],
  },
  guacd_protocol_missing: {
    meaning: "guacd lacks the library of this protocol.",
    fix: ["Install libguac-client-ssh, libguac-client-rdp or libguac-client-vnc beside guacd, in its version."],
  },
  guacd_option_unknown: {
    meaning: "A warning: guacd is too old for an option, which has no effect then. The session itself works.",
    fix: ["Update guacd.", "Leave the option out."],
  },
  out_of_time: {
    meaning: "The whole test has taken as long as it may.",
    fix: ["Look at the steps that took long.", "Test a shorter way."],
  },
  error: {
    meaning: "Something failed for which there is no better name.",
    fix: ["Ask an admin to look into the gateway's log."],
  },
};

export const fixOf = (cause: Fault): readonly string[] => causes[cause].fix;
