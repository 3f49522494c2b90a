export { mountOps, type OpsDeps } from "./routes.ts";
