import { expect, test } from "vitest";
import { readEvents } from "../../../src/web/portal/live/read-events.ts";

const read = async (...pieces: string[]) => {
  const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
  let heard = 0;
  const events = [];
  for await (const event of readEvents(ReadableStream.from(bytes), () => (heard += 1))) events.push(event);
  return { events, heard };
};

test("events come whole however the network cuts them", async () => {
  const text = 'retry: 3000\n\n: hello\n\nid: 7\nevent: session\ndata: {"a":"é"}\n\nevent: removed\ndata: {}\n\n';
  const expected = [
    { name: "session", data: '{"a":"é"}' },
    { name: "removed", data: "{}" },
  ];
  expect((await read(text)).events).toEqual(expected);
  expect((await read(...text)).events).toEqual(expected);
  expect((await read(text.replaceAll("\n", "\r\n"))).events).toEqual(expected);
});

test("a comment is heard, though it is no event", async () => {
  expect(await read(":\n\n")).toEqual({ events: [], heard: 1 });
});

test("data of several lines is one text, and an event without a name is a message", async () => {
  expect((await read("data: a\ndata: b\n\n")).events).toEqual([{ name: "message", data: "a\nb" }]);
});
