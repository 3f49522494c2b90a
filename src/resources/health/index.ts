export { mountHealth } from "./routes.ts";
