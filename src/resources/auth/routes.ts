import type { Authenticator } from "../../access/authenticator.ts";
import { AppError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import type { LoginCookie } from "../../http/cookie.ts";
import type { OriginGuard } from "../../http/origin-guard.ts";
import type { Call, Registry } from "../../http/registry.ts";
import { authStatusRoute, keyLoginRoute, logoutByLinkRoute, logoutRoute, meRoute } from "./schema.ts";

export interface AuthRoutesDeps {
  readonly authenticator: Authenticator;
  readonly cookie: LoginCookie;
  readonly origin: OriginGuard;
  readonly siteTitle: () => string;
  readonly version: string;
  /** Called when a login has ended. */
  readonly onLogout: () => void;
}

export const mountAuth = (registry: Registry, deps: AuthRoutesDeps): void => {
  registry.add(authStatusRoute, () => ({
    status: 200,
    body: { oidc_enabled: false, site_title: deps.siteTitle() },
  }));

  registry.add(meRoute, ({ principal }) => ({
    status: 200,
    body: {
      name: principal.name,
      email: principal.kind === "user" ? principal.email : null,
      role: principal.role,
      groups: principal.kind === "user" ? [...principal.groups] : [],
      auth_type: principal.kind === "user" ? ("oidc" as const) : ("api_key" as const),
      vault_enabled: false,
      vault_configured: false,
      version: deps.version,
    },
  }));

  registry.add(keyLoginRoute, async ({ body, c }) => {
    const { headers } = c.req.raw;
    // A script without a browser sends neither header; a browser always sends one of them on a POST.
    if (headers.has("origin") || headers.has("sec-fetch-site")) deps.origin.checkOrigin(headers);
    const { token, maxAgeSeconds } = await deps.authenticator.login(
      new Secret(body.key),
      c.get("address"),
      c.get("requestId"),
    );
    return { status: 204, headers: { "Set-Cookie": deps.cookie.write(token, maxAgeSeconds) } };
  });

  const logout = async ({ caller, c }: Pick<Call<typeof logoutRoute>, "caller" | "c">) => {
    const site = c.req.header("sec-fetch-site");
    if (site === "cross-site" || site === "same-site")
      throw new AppError("forbidden", "Signing out must be asked for by the gateway's own pages.");
    if (caller) await deps.authenticator.logout(caller.principal, c.get("address"), c.get("requestId"));
    if (caller) deps.onLogout();
    return { status: 302 as const, headers: { Location: "/", "Set-Cookie": deps.cookie.clear() } };
  };
  registry.add(logoutByLinkRoute, logout);
  registry.add(logoutRoute, (call) => {
    if (call.caller?.byCookie) deps.origin.checkOrigin(call.c.req.raw.headers);
    return logout(call);
  });
};
