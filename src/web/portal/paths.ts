/** The portal's pages by their paths. The gateway answers each of them with the portal, and no other. */
export const pages = {
  "/": { title: "Sessions", section: "sessions" },
  "/everybody": { title: "Sessions", section: "sessions" },
  "/ended": { title: "Sessions", section: "sessions" },
  "/admin/keys": { title: "API keys", section: "admin" },
  "/admin/known-hosts": { title: "Host keys", section: "admin" },
  "/about": { title: "About", section: "about" },
} as const;

export type PagePath = keyof typeof pages;

export const isPagePath = (path: string): path is PagePath => path in pages;
