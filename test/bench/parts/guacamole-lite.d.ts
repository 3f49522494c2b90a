/** As far as the benchmark uses it; the package brings no types. */
declare module "guacamole-lite" {
  import type { Server } from "node:http";
  export default class GuacamoleLite {
    constructor(webSocket: { server: Server }, guacd: { host: string; port: number }, options: object);
  }
}
