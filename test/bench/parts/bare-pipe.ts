// The limit that a gateway of this kind can reach on Node: what TCP brings goes out as text frames, unread, and back. It holds
// back like ours, or its memory would be what is measured. Argument: guacd's port.
import { createServer } from "node:http";
import { connect } from "node:net";
import { WebSocketServer } from "ws";
import { portOf } from "../../support/port-of.ts";
import { tellPort } from "./tell-port.ts";

const highWaterBytes = 512 * 1024;
const lowWaterBytes = 128 * 1024;

const server = createServer().listen(0, "127.0.0.1");
new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (browser) => {
  const guacd = connect({ port: Number(process.argv[2]), host: "127.0.0.1", noDelay: true });
  const afterSend = () => {
    if (guacd.isPaused() && browser.bufferedAmount <= lowWaterBytes) guacd.resume();
  };
  guacd.on("data", (chunk) => {
    browser.send(chunk, { binary: false }, afterSend);
    if (browser.bufferedAmount > highWaterBytes) guacd.pause();
  });
  browser.on("message", (message) => void guacd.write(String(message)));
  guacd.on("error", () => undefined);
  browser.on("error", () => undefined);
  guacd.on("close", () => browser.terminate());
  browser.on("close", () => guacd.destroy());
});
tellPort(await portOf(server));
