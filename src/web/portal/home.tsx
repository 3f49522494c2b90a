import { Button } from "@mantine/core";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { MeView } from "../../resources/auth/schema.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Frame } from "./frame.tsx";
import { GatewayStrip } from "./gateway-strip.tsx";
import { Icon } from "./icon.tsx";
import { useLiveSessions } from "./live/use-live-sessions.ts";
import { isAdmin, mayMakeSessions } from "./me.ts";
import { Navigation } from "./navigation.tsx";
import { PhoneBar } from "./phone-bar.tsx";
import { RoutePage } from "./route-page.tsx";
import { SearchButton } from "./search-button.tsx";
import { type FormStart, type Shell, ShellContext } from "./shell.ts";
import { useShortcuts } from "./use-shortcuts.ts";

const loadNewSession = () => import("./new-session/new-session-dialog.tsx");
const loadPalette = () => import("./palette/palette.tsx");
const NewSessionDialog = lazy(loadNewSession);
const Palette = lazy(loadPalette);
const KeyboardMap = lazy(() => import("./keyboard-map.tsx"));

/** What lies over the page; one at a time. */
type Layer = { kind: "palette" } | { kind: "keyboard" } | { kind: "new session"; start: FormStart };

interface HomeProps {
  me: MeView;
  siteTitle: string;
  onSignedOut: () => void;
}

/** The frame of a person who is signed in: bars, pages, what opens over them, and the keys that work everywhere. */
export const Home = ({ me, siteTitle, onSignedOut }: HomeProps) => {
  const live = useLiveSessions(me, onSignedOut);
  const mayMake = mayMakeSessions(me);
  const [layer, setLayer] = useState<Layer | null>(() => layerOf(location.search, mayMake));
  const close = useCallback(() => {
    setLayer(null);
    if (location.search !== "") history.replaceState(null, "", location.pathname);
  }, []);
  const actions = useMemo(
    () => ({
      newSession: mayMake ? (start: FormStart = {}) => setLayer({ kind: "new session", start }) : null,
      openPalette: () => setLayer({ kind: "palette" }),
      openKeyboardMap: () => setLayer({ kind: "keyboard" }),
      signOut,
    }),
    [mayMake],
  );
  const shell: Shell = { me, siteTitle, live, onSignedOut, ...actions };

  useShortcuts({
    onPalette: actions.openPalette,
    onKeyboardMap: actions.openKeyboardMap,
    onNew: actions.newSession,
    places: isAdmin(me) ? { s: "/", a: "/admin/keys" } : { s: "/" },
  });
  usePreload(mayMake);

  return (
    <ShellContext value={shell}>
      <Frame
        siteTitle={siteTitle}
        navigation={<Navigation />}
        tools={
          <>
            <SearchButton />
            {mayMake && (
              <Button
                variant="default"
                className="new-session"
                onClick={() => actions.newSession?.()}
                leftSection={<Icon name="plus" />}
              >
                New session
              </Button>
            )}
            <AccountMenu />
          </>
        }
        strip={<GatewayStrip />}
        phoneBar={<PhoneBar />}
      >
        <RoutePage />
      </Frame>
      <Suspense>
        {layer?.kind === "new session" && <NewSessionDialog start={layer.start} onClose={close} />}
        {layer?.kind === "palette" && <Palette onClose={close} />}
        {layer?.kind === "keyboard" && <KeyboardMap onClose={close} />}
      </Suspense>
    </ShellContext>
  );
};

const layerOf = (search: string, mayMake: boolean): Layer | null => {
  const query = new URLSearchParams(search);
  const againId = query.get("again");
  if (againId === null || !mayMake) return null;
  return { kind: "new session", start: { againId, wantsTest: query.has("test") } };
};

const signOut = async (): Promise<void> => {
  await fetch("/auth/logout", { method: "POST", redirect: "manual", signal: AbortSignal.timeout(10_000) }).catch(
    () => undefined,
  );
  location.assign("/");
};

/** What is likely to be opened next comes while nobody waits for it. */
const usePreload = (mayMake: boolean): void => {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current) return;
    const idle = setTimeout(() => {
      isDone.current = true;
      const later = mayMake ? [loadPalette(), loadNewSession()] : [loadPalette()];
      Promise.all(later).catch(() => undefined);
    }, 1500);
    return () => clearTimeout(idle);
  }, [mayMake]);
};
