// A guacd that plays what the username of a session asks for: "stream, NAME, MEGABYTES" as fast as it is taken, or
// "paced, BYTES" a second, in frames. The handshake before it is guacd's. Asked for "keys" over IPC, it tells what it knows of them; "hold"
// and "play" stop and start all that is paced.
import { createServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { encodeInstruction } from "../../../src/guacd/instruction.ts";
import { parseInstructions } from "../../../src/guacd/instruction-parser.ts";
import { portOf } from "../../support/port-of.ts";
import { nowUs } from "./clock.ts";
import { Pacer } from "./pacer.ts";
import { type StreamName, streams } from "./streams.ts";
import { tellPort } from "./tell-port.ts";

const argNames = ["VERSION_1_5_0", "hostname", "port", "username", "password"];
const firstPicture = [
  ["size", "0", "1024", "768"],
  ["rect", "0", "0", "0", "1024", "768"],
  ["cfill", "14", "0", "0", "0", "0", "255"],
  ["sync", "1"],
];
const pieceBytes = 256 * 1024;

/** As many as a screen with a film on it has. */
const framesPerSecond = 25;
/** Base64 in one blob of guacd's. */
const blobLength = 8064;

/** Off while many sessions begin, which is not what is measured then. */
let isPlaying = true;
/** The `sync` of a frame says when it was sent. */
const frames = new Pacer<{ readonly socket: Socket; readonly picture: Buffer }>(
  1000 / framesPerSecond,
  ({ socket, picture }) => {
    if (!isPlaying) return;
    socket.cork();
    socket.write(picture);
    socket.write(encodeInstruction(["sync", String(nowUs())]));
    socket.uncork();
  },
);
const parts = new Map<string, Buffer>();
/** How long keys took to come here, in microseconds. */
let keysUs: number[] = [];

const partOf = (name: string): Buffer => {
  const bytes = parts.get(name) ?? streams[name as StreamName]().bytes;
  parts.set(name, bytes);
  return bytes;
};

/** The part over and over, in pieces, until it is so much. */
function* pieces(part: Buffer, totalBytes: number): Generator<Buffer> {
  for (let sent = 0; sent < totalBytes; sent += part.length)
    for (let at = 0; at < part.length; at += pieceBytes) yield part.subarray(at, at + pieceBytes);
}

const stream = (socket: Socket, part: Buffer, totalBytes: number): void => {
  const source = Readable.from(pieces(part, totalBytes), { objectMode: true });
  // A browser that has had enough closes in the middle.
  pipeline(source, socket, { end: false }).catch(() => undefined);
};

const play = (socket: Socket, username: string): void => {
  const [mode, first = "", megabytes] = username.split(", ");
  if (mode === "stream") stream(socket, partOf(first), Number(megabytes) * 1e6);
  else if (mode === "paced")
    socket.once("close", frames.add({ socket, picture: pictureOf(Number(first) / framesPerSecond) }));
};

const pictureOf = (bytes: number): Buffer => {
  const blobs = Array.from({ length: Math.ceil(bytes / blobLength) }, (_, index) => [
    "blob",
    "1",
    "A".repeat(Math.min(blobLength, bytes - index * blobLength)),
  ]);
  const image = [["img", "1", "14", "0", "image/webp", "0", "0"], ...blobs, ["end", "1"]];
  return Buffer.from(image.map(encodeInstruction).join(""));
};

const server = createServer({ noDelay: true }, (socket) => {
  const send = (...elements: string[]) => void socket.write(encodeInstruction(elements));
  let carry = "";
  let isReady = false;
  socket.on("error", () => undefined);
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    const text = carry + chunk;
    // What a session sends up in a benchmark has no semicolon inside.
    const end = text.lastIndexOf(";") + 1;
    carry = text.slice(end);
    for (const [opcode, ...args] of end > 0 ? parseInstructions(text.slice(0, end)) : []) {
      if (opcode === "key") keysUs.push(nowUs() - Number(args[0]));
      else if (opcode === "select") send("args", ...argNames);
      else if (opcode === "disconnect") socket.destroy();
      else if (opcode === "connect" && !isReady) {
        isReady = true;
        send("ready", "$11111111-2222-3333-4444-555555555555");
        for (const elements of firstPicture) send(...elements);
        play(socket, args[argNames.indexOf("username")] ?? "");
      }
    }
  });
}).listen(0, "127.0.0.1", 1024);

process.on("message", (message) => {
  if (message !== "keys") isPlaying = message === "play";
  process.send?.(keysUs);
  keysUs = [];
});
tellPort(await portOf(server));
