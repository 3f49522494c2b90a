import type { MeView } from "../../resources/auth/schema.ts";
import type { SessionView } from "../../resources/sessions/schema.ts";

export const mayMakeSessions = (me: MeView): boolean => me.role === "poweruser" || me.role === "admin";

export const maySeeSessions = (me: MeView): boolean => me.role !== "viewer";

export const isAdmin = (me: MeView): boolean => me.role === "admin";

/** Sessions carry the name of their owner as the gateway writes it: a person's e-mail, a key's name. */
export const isMine = (session: SessionView, me: MeView): boolean => session.created_by === (me.email ?? me.name);

export const roleWords: Record<MeView["role"], string> = {
  viewer: "Viewer",
  operator: "Operator",
  poweruser: "Power user",
  admin: "Admin",
};
