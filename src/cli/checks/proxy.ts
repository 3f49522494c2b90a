import type { Config } from "../../config/schema.ts";
import { type Check, ok, warn } from "./check.ts";

/** Whether the gateway knows of the proxy that its public address suggests. */
export const checkProxy = ({ server: { publicUrl, trustedProxies, host }, tls }: Config): Check[] => {
  const name = "proxy headers";
  const isBehindProxy = publicUrl?.startsWith("https:") === true && tls.certPath === null;
  if (isBehindProxy && trustedProxies.length === 0)
    return [
      warn(
        name,
        `server.public_url is ${publicUrl} and the gateway speaks plain http, so a proxy is in front; but server.trusted_proxies is empty, and everybody seems to come from the proxy's address.`,
        "Set server.trusted_proxies to the proxy's address, and have it send X-Forwarded-For.",
      ),
    ];
  if (publicUrl === null && tls.certPath === null && !/^(127\.|::1$|localhost$)/.test(host))
    return [
      warn(
        name,
        `The gateway speaks plain http on ${host}: keys and sessions can be read on the way.`,
        "Set tls.cert_path and tls.key_path, or server.public_url behind a proxy that speaks https.",
      ),
    ];
  if (trustedProxies.some((network) => /\/0$/.test(network)))
    return [warn(name, "server.trusted_proxies believes everybody.", "Name the addresses of the proxies alone.")];
  return [
    ok(name, trustedProxies.length > 0 ? `${trustedProxies.join(", ")} may say who calls.` : "There is no proxy."),
  ];
};
