export { type AboutDeps, mountAbout } from "./routes.ts";
