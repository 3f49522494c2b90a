import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuacdAccount } from "./guacd-account.ts";

/**
 * FreeRDP asks OpenSSL for the newest TLS whatever a highest version says (2.11), and heeds only what is left out by name.
 * It stands in the place of the system's own configuration.
 */
const configuration = `openssl_conf = guacd
[guacd]
ssl_conf = ssl
[ssl]
system_default = limit
[limit]
Protocol = -TLSv1.3
`;

/**
 * Writes into guacd's home what keeps its TLS at 1.2, in which an RDP target shows its certificate to whoever looks on, and
 * returns the path for `OPENSSL_CONF`. For a guacd that cannot be told which certificate to expect.
 */
export const writeTlsLimit = async (home: string, { uid, gid }: GuacdAccount): Promise<string> => {
  const path = join(home, "openssl.cnf");
  await writeFile(path, configuration);
  await chown(path, uid, gid);
  return path;
};
