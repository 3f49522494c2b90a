import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Config } from "../../config/schema.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const soonMs = 14 * 86_400_000;

/** Whether the gateway's own certificate can be read, and for how long it is good. */
export const checkCertificate = async ({ tls: { certPath } }: Config): Promise<Check[]> => {
  const name = "TLS certificate";
  if (certPath === null) return [];
  const renew = "Renew it; SIGHUP makes the gateway read it anew.";
  try {
    const { validFrom, validTo } = new X509Certificate(await readFile(certPath));
    const leftMs = Date.parse(validTo) - Date.now();
    if (Date.parse(validFrom) > Date.now())
      return [fail(name, `It is valid from ${validFrom} on only.`, "Check the clock of this host.")];
    if (leftMs < 0) return [fail(name, `It has expired on ${validTo}.`, renew)];
    if (leftMs < soonMs) return [warn(name, `It expires on ${validTo}.`, renew)];
    return [ok(name, `It is good until ${validTo}.`)];
  } catch {
    return [fail(name, `${certPath} cannot be read as a certificate.`, "Correct tls.cert_path; it takes PEM.")];
  }
};
