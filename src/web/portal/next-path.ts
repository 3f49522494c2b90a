/** Where `?next=` leads after sign-in: a path of this origin, else null. */
export const nextPath = (search: string, origin: string): string | null => {
  const next = new URLSearchParams(search).get("next");
  if (next === null || !next.startsWith("/")) return null;
  const url = URL.parse(next, origin);
  if (url === null || url.origin !== origin || url.pathname === "/") return null;
  return url.pathname + url.search + url.hash;
};
