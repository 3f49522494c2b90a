/** Runs `task` so many times, never more than `atOnce` at a time; what it gave, in order. */
export const inParallel = async <T>(
  times: number,
  atOnce: number,
  task: (index: number) => Promise<T>,
): Promise<T[]> => {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < times) {
      const index = next++;
      results[index] = await task(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
};
