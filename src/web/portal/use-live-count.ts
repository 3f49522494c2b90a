import { isMine } from "./me.ts";
import { useShell } from "./shell.ts";

/** How many of my sessions run or wait to be opened. */
export const useLiveCount = (): number => {
  const { me, live } = useShell();
  return live.sessions?.filter((session) => session.status !== "ended" && isMine(session, me)).length ?? 0;
};
