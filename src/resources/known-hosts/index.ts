export { createKnownHostStore, type KnownHost, type KnownHostStore } from "./store.ts";
