import { looksLikeHost } from "../looks-like-host.ts";
import { isAdmin, maySeeSessions } from "../me.ts";
import type { PagePath } from "../paths.ts";
import type { Shell } from "../shell.ts";
import { goTo } from "../use-path.ts";
import type { PaletteEntry } from "./palette-entry.ts";

type SetScheme = (scheme: "auto" | "light" | "dark") => void;

/** What can be done from anywhere, and where one can go. `typed` may be a host to go to. */
export const commandEntries = (shell: Shell, typed: string, setScheme: SetScheme): PaletteEntry[] => {
  const { newSession, me } = shell;
  return [
    ...(newSession !== null && looksLikeHost(typed)
      ? [command(`New SSH session to “${typed}”`, { icon: "plus", act: () => newSession({ target: typed }) })]
      : []),
    ...(newSession === null ? [] : [command("New session", { icon: "plus", keys: ["N"], act: () => newSession() })]),
    command("Keyboard shortcuts", { icon: "keyboard", keys: ["?"], act: shell.openKeyboardMap }),
    command("Light colours", { icon: "sun", act: () => setScheme("light") }),
    command("Dark colours", { icon: "moon", act: () => setScheme("dark") }),
    command("Colours of the system", { icon: "desktop", act: () => setScheme("auto") }),
    command("Sign out", { icon: "signOut", act: () => void shell.signOut() }),
    ...(maySeeSessions(me) ? [place("Sessions", "/", { icon: "run", keys: ["G", "S"] })] : []),
    ...(isAdmin(me) ? [place("Everybody's sessions", "/everybody", { icon: "users" })] : []),
    ...(maySeeSessions(me) ? [place("Ended sessions", "/ended", { icon: "stop" })] : []),
    ...(isAdmin(me)
      ? [
          place("API keys", "/admin/keys", { icon: "key", keys: ["G", "A"] }),
          place("Host keys", "/admin/known-hosts", { icon: "fingerprint" }),
        ]
      : []),
    place("About", "/about", { icon: "info" }),
  ];
};

type Look = Pick<PaletteEntry, "keys"> & Extract<PaletteEntry["mark"], { icon: unknown }>;

const command = (title: string, { icon, act, ...look }: Look & Pick<PaletteEntry, "act">): PaletteEntry => ({
  id: title,
  group: "Do",
  title,
  mark: { icon },
  act,
  ...look,
});

const place = (title: string, path: PagePath, { icon, ...look }: Look): PaletteEntry => ({
  id: path,
  group: "Go to",
  title,
  mark: { icon },
  act: () => goTo(path),
  address: path,
  ...look,
});
