export interface ServerEvent {
  /** "message" when the stream names none. */
  readonly name: string;
  readonly data: string;
}

/**
 * The events of a `text/event-stream`, as its bytes come. `onHeard` is called for every piece, comments included: they
 * tell that the connection is alive.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>, onHeard: () => void): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onHeard();
      text += decoder.decode(value, { stream: true });
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const eventOf = (block: string): ServerEvent | null => {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field = "", value = ""] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { name, data: data.join("\n") };
};
