interface Host {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** The fields of a session on a host, signed in with its password. */
export const targetOf = ({ host, port, username, password }: Host) => ({ hostname: host, port, username, password });
