export { type AdminKeyDeps, mountAdminKeys } from "./routes.ts";
