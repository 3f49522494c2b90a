/** "1 hour", "5 minutes", "90 seconds": a limit for a sentence. */
export const secondsInWords = (seconds: number): string => {
  if (seconds >= 3600 && seconds % 3600 === 0) return seconds === 3600 ? "1 hour" : `${seconds / 3600} hours`;
  if (seconds >= 60 && seconds % 60 === 0) return seconds === 60 ? "1 minute" : `${seconds / 60} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
};
