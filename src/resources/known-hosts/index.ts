export { mountKnownHosts } from "./routes.ts";
export { createKnownHostStore, type KnownHostStore } from "./store.ts";
