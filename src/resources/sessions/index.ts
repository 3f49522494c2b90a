export { mountSessions, type SessionRoutesDeps } from "./routes.ts";
