import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What an X server shows and hears, asked as one of its programs. */
export interface XDisplay {
  /** As `DISPLAY` names it, such as `:10`. */
  readonly name: string;
  size(): Promise<{ width: number; height: number }>;
  /** X key codes that are held down now. */
  pressedKeys(): Promise<number[]>;
}

export const xDisplay = (name: string, authorityFile?: string): XDisplay => {
  const ask = async (program: string, args: string[]): Promise<string> => {
    const env = { ...process.env, DISPLAY: name, XAUTHORITY: authorityFile };
    return (await run(program, args, { env, timeout: 10_000 })).stdout;
  };
  return {
    name,

    size: async () => {
      const [, width, height] = /dimensions: +(\d+)x(\d+) pixels/.exec(await ask("xdpyinfo", [])) ?? [];
      if (width === undefined) throw new Error("xdpyinfo tells no size");
      return { width: Number(width), height: Number(height) };
    },

    pressedKeys: async () => {
      const keyboards = [...(await ask("xinput", ["list", "--short"])).matchAll(/id=(\d+)\s+\[slave +keyboard/g)];
      if (keyboards.length === 0) throw new Error("xinput lists no keyboard");
      const states = await Promise.all(keyboards.map(([, id = ""]) => ask("xinput", ["query-state", id])));
      return states.flatMap((state) => [...state.matchAll(/key\[(\d+)\]=down/g)].map(([, code]) => Number(code)));
    },
  };
};
