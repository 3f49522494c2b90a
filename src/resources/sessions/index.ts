export { attachSession } from "./attach-session.ts";
export { mountSessions, type SessionRoutesDeps } from "./routes.ts";
