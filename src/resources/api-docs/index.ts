export { mountApiDocs } from "./routes.ts";
