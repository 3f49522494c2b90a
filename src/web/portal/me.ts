import type { MeView } from "../../resources/auth/schema.ts";

export const mayMakeSessions = (me: MeView): boolean => me.role === "poweruser" || me.role === "admin";

export const maySeeSessions = (me: MeView): boolean => me.role !== "viewer";
