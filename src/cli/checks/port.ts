import { once } from "node:events";
import { createServer } from "node:net";
import type { Config } from "../../config/schema.ts";
import { type Check, fail, ok } from "./check.ts";

/** Whether the listening address is free, or held by a gateway. It is taken for a moment, and let go. */
export const checkPort = async ({ server: { host, port }, tls }: Config): Promise<Check[]> => {
  const name = "listening address";
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return [ok(name, `${host}, port ${port} is free.`)];
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EADDRINUSE") return [await heldBy({ host, port, isTls: tls.certPath !== null })];
    if (code === "EADDRNOTAVAIL") return [fail(name, `This host does not have ${host}.`, "Correct server.host.")];
    if (code === "EACCES")
      return [fail(name, `Port ${port} may not be opened by this user.`, "Use a port from 1024 on, or allow it.")];
    return [
      fail(name, `${host}, port ${port} cannot be opened (${String(code)}).`, "Correct server.host and server.port."),
    ];
  } finally {
    server.close();
  }
};

const heldBy = async (place: { host: string; port: number; isTls: boolean }): Promise<Check> => {
  const name = "listening address";
  const { port, isTls } = place;
  const host = /^(0\.0\.0\.0|::)$/.test(place.host) ? "127.0.0.1" : place.host;
  if (isTls) return ok(name, `Port ${port} is in use, as it is while the gateway runs.`);
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}/api/health`;
  const isGateway = await fetch(url, { signal: AbortSignal.timeout(3_000) }).then(
    async (response) => response.ok && (await response.text()).includes('"status":"ok"'),
    () => false,
  );
  if (isGateway) return ok(name, `A gateway runs on ${host}, port ${port}.`);
  return fail(name, `Another program has ${host}, port ${port}.`, "Stop it, or change server.port.");
};
