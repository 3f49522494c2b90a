import { parse } from "hono/utils/cookie";
import { Secret } from "../core/secret.ts";

/** The login cookie. On https it carries the `__Host-` prefix, so that no other host or path can set it (RFC 6265bis §4.1.3). */
export const loginCookie = (secure: boolean) => {
  const name = secure ? "__Host-sallyport" : "sallyport";
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  return {
    name,
    read: (headers: Headers): Secret<string> | undefined => {
      const value = parse(headers.get("cookie") ?? "", name)[name];
      return value ? new Secret(value) : undefined;
    },
    write: (token: Secret<string>, maxAgeSeconds: number): string =>
      `${name}=${token.reveal()}; ${attributes}; Max-Age=${maxAgeSeconds}`,
    clear: (): string => `${name}=; ${attributes}; Max-Age=0`,
  };
};

export type LoginCookie = ReturnType<typeof loginCookie>;
