export { mountProtocols } from "./routes.ts";
