/** Every path that the portal draws a page for; its own table of routes has the same, which a test holds. */
export const portalPaths: ReadonlySet<string> = new Set([
  "/",
  "/everybody",
  "/ended",
  "/admin/keys",
  "/admin/known-hosts",
  "/about",
]);
