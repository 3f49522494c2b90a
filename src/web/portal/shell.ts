import { createContext, useContext } from "react";
import type { MeView } from "../../resources/auth/schema.ts";
import type { LiveSessions } from "./live/use-live-sessions.ts";

/** What the new-session form starts from: nothing, a target as typed, or a session by its id. */
export interface FormStart {
  readonly target?: string;
  readonly againId?: string;
  /** The way is to be tested before anything is started. */
  readonly wantsTest?: boolean;
}

/** What every page of a signed-in person can reach. */
export interface Shell {
  readonly me: MeView;
  readonly siteTitle: string;
  readonly live: LiveSessions;
  /** Opens the form; null when the person may not make sessions. */
  readonly newSession: ((start?: FormStart) => void) | null;
  readonly openPalette: () => void;
  readonly openKeyboardMap: () => void;
  readonly signOut: () => Promise<void>;
  /** The gateway said that nobody is signed in any more. */
  readonly onSignedOut: () => void;
}

export const ShellContext = createContext<Shell | null>(null);

export const useShell = (): Shell => {
  const shell = useContext(ShellContext);
  if (shell === null) throw new Error("this part belongs under Home");
  return shell;
};
