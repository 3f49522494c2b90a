import type { FuzzTarget } from "./fuzz-target.ts";

/** Far more than the largest input takes; of this process's own time, as the machine may have other things to do. */
const maxCpuMs = 1000;

/** What one input does to a target. It is a fault, too, to compute for long. */
export const runInput = async (
  target: FuzzTarget,
  input: Buffer,
): Promise<{ fault: Error } | { fault: null; outcome: string }> => {
  const begun = process.cpuUsage();
  try {
    const outcome = await target.run(input);
    const { user, system } = process.cpuUsage(begun);
    const tookMs = (user + system) / 1000;
    return tookMs > maxCpuMs ? { fault: new Error("it computes for more than a second") } : { fault: null, outcome };
  } catch (error) {
    return { fault: error instanceof Error ? error : new Error(String(error)) };
  }
};
