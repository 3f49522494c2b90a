/** RFC 4254 §6.10. Both sides may send any other text, which ssh2 throws at whoever passes it on. */
const names = ["ABRT", "ALRM", "FPE", "HUP", "ILL", "INT", "KILL", "PIPE", "QUIT", "SEGV", "TERM", "USR1", "USR2"];

export const isSignalName = (text: string): boolean => names.includes(text);
