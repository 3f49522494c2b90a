export { attachSession } from "./attach-session.ts";
export { mountSessions, type SessionRoutesDeps } from "./routes.ts";
export type { SessionView } from "./schema.ts";
export { toView } from "./view.ts";
