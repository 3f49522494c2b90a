export { mountWsTicket } from "./routes.ts";
