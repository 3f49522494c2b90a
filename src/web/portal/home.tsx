import { Button } from "@mantine/core";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import type { MeView } from "../../resources/auth/schema.ts";
import type { SessionView } from "../../resources/sessions/schema.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Frame } from "./frame.tsx";
import { GatewayStrip } from "./gateway-strip.tsx";
import { Icon } from "./icon.tsx";
import { keyIsFree } from "./key-is-free.ts";
import { mayMakeSessions, maySeeSessions } from "./me.ts";
import { Navigation } from "./navigation.tsx";
import { SessionsPage } from "./sessions-page.tsx";
import { areSingleKeysOn } from "./single-keys.ts";
import { useSessions } from "./use-sessions.ts";

const loadNewSession = () => import("./new-session-dialog.tsx");
const NewSessionDialog = lazy(loadNewSession);

/** What the new-session form starts from: nothing, or a session by its id. */
type Form = { againId: string | null } | null;

interface HomeProps {
  me: MeView;
  siteTitle: string;
  onSignedOut: () => void;
}

/** The pages of a person who is signed in; so far these are the sessions. */
export const Home = ({ me, siteTitle, onSignedOut }: HomeProps) => {
  const state = useSessions(maySeeSessions(me), onSignedOut);
  const mayMake = mayMakeSessions(me);
  const [form, setForm] = useState<Form>(() => formOf(location.search, mayMake));
  const openForm = useCallback(() => setForm({ againId: null }), []);
  const closeForm = useCallback(() => {
    setForm(null);
    history.replaceState(null, "", "/");
  }, []);

  useEffect(() => {
    if (!mayMake) return;
    const idle = setTimeout(() => loadNewSession().catch(() => undefined), 1500);
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "n" || event.shiftKey || !areSingleKeysOn() || !keyIsFree(event)) return;
      event.preventDefault();
      openForm();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      clearTimeout(idle);
      document.removeEventListener("keydown", onKey);
    };
  }, [mayMake, openForm]);

  const live = state.sessions?.filter((session) => session.status !== "ended").length ?? 0;
  return (
    <Frame
      siteTitle={siteTitle}
      navigation={<Navigation live={live} />}
      tools={
        <>
          {mayMake && (
            <Button variant="default" className="new-session" onClick={openForm} leftSection={<Icon name="plus" />}>
              New session
            </Button>
          )}
          <AccountMenu me={me} />
        </>
      }
      strip={state.sessions !== null && state.problem !== null && <GatewayStrip state={state} />}
    >
      <SessionsPage
        me={me}
        state={state}
        onNew={mayMake ? openForm : null}
        onStartAgain={mayMake ? (session: SessionView) => setForm({ againId: session.session_id }) : null}
      />
      {form !== null && (
        <Suspense>
          <NewSessionDialog againId={form.againId} onClose={closeForm} onMade={state.refresh} />
        </Suspense>
      )}
    </Frame>
  );
};

const formOf = (search: string, mayMake: boolean): Form => {
  const againId = new URLSearchParams(search).get("again");
  return againId !== null && mayMake ? { againId } : null;
};
