import { Disposal } from "../../src/core/disposal.ts";
import { silentLogger } from "../../src/core/log.ts";
import { Secret } from "../../src/core/secret.ts";
import type { Prepare } from "../../src/protocols/protocol.ts";

/** What a session hands to a protocol, with nothing behind it but what the test gives. */
export const prepareWith = (
  given: Partial<Omit<Prepare, "secret">> & { secrets?: Readonly<Record<string, string>> },
): Prepare => {
  const disposal = new Disposal(silentLogger);
  const notHere = () => Promise.reject(new Error("not here"));
  const { secrets = {}, ...rest } = given;
  return {
    target: { host: "10.0.0.1", port: 1 },
    username: null,
    settings: {},
    road: { connect: notHere },
    disposal,
    signal: disposal.signal,
    openSshRelay: notHere,
    openForward: notHere,
    checkCertificate: notHere,
    ...rest,
    secret: (name) => (secrets[name] === undefined ? null : new Secret(secrets[name])),
  };
};
