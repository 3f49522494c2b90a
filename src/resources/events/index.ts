export { EventStreams } from "./event-streams.ts";
export { type EventsDeps, mountEvents } from "./routes.ts";
export { SessionFeed } from "./session-feed.ts";
