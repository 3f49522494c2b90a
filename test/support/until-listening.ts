import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";

const listeningLine = z.object({ msg: z.literal("listening"), url: z.string() });

/** Waits for the listening line of a gateway whose stderr is a pipe. Its first key is on one of the lines after. */
export const untilListening = async (gateway: ChildProcess): Promise<{ url: string; firstKey: Promise<string> }> => {
  if (!gateway.stderr) throw new Error("stderr is no pipe");
  const lines = createInterface(gateway.stderr);
  const said: string[] = [];
  const url = Promise.withResolvers<string>();
  const firstKey = Promise.withResolvers<string>();
  lines.on("line", (line) => {
    said.push(line);
    const listening = listeningLine.safeParse(line.startsWith("{") ? JSON.parse(line) : null);
    if (listening.success) url.resolve(listening.data.url);
    const key = /^\s*(sp_[\w-]{43})$/.exec(line)?.[1];
    if (key !== undefined) firstKey.resolve(key);
  });
  lines.once("close", () => url.reject(new Error(`The gateway ended: ${said.join("\n")}`)));
  return { url: await url.promise, firstKey: firstKey.promise };
};
