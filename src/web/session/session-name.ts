import type { SessionView } from "../../resources/sessions/schema.ts";

const defaultPorts: Readonly<Record<string, number>> = { ssh: 22, rdp: 3389, vnc: 5900 };

export type SessionTarget = Pick<SessionView, "session_type" | "hostname" | "port" | "username" | "url">;

/** "root@10.0.0.1", with the port only when it is unusual; the protocol's name when the target is masked. */
export const sessionName = (session: SessionTarget): string => {
  const address = targetAddress(session);
  if (address === null) return session.url ?? `${session.session_type.toUpperCase()} session`;
  return session.username ? `${session.username}@${address}` : address;
};

export const targetAddress = ({ session_type, hostname, port }: SessionTarget): string | null => {
  if (hostname === null) return null;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return port === null || port === defaultPorts[session_type] ? host : `${host}:${port}`;
};
