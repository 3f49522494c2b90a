/** For a program of a benchmark: it listens, and it ends with whoever started it. */
export const tellPort = (port: number): void => {
  process.once("disconnect", () => process.exit());
  process.send?.({ port });
};
