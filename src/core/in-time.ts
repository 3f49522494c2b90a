/** What `work` gives, or `otherwise` when it fails or takes longer than the limit. The work itself is not stopped. */
export const inTime = async <T>(limitMs: number, work: () => Promise<T>, otherwise: T): Promise<T> => {
  const late = Promise.withResolvers<T>();
  const limit = setTimeout(() => late.resolve(otherwise), limitMs);
  try {
    return await Promise.race([work(), late.promise]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(limit);
  }
};
