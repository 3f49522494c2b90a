export { type AuthRoutesDeps, mountAuth } from "./routes.ts";
