import { Button } from "@mantine/core";
import { Blank } from "../blank.tsx";
import { HintBar } from "../hint-bar.tsx";
import { Icon } from "../icon.tsx";
import type { PagePath } from "../paths.ts";
import { useShell } from "../shell.ts";

/** A list without a session, and the way to the first one. */
export const NoSessions = ({ path }: { path: PagePath }) => (
  <>
    <Nothing path={path} />
    <HintBar />
  </>
);

const Nothing = ({ path }: { path: PagePath }) => {
  const { newSession } = useShell();
  if (path === "/ended") {
    return <Blank icon="stop" title="No session has ended yet" text="Ended sessions stay listed here for a while." />;
  }
  if (path === "/everybody") {
    return (
      <Blank icon="run" title="Nobody has a running session" text="Sessions of all people and keys appear here." />
    );
  }
  if (newSession === null) {
    return <Blank icon="run" title="You have no running session" text="Sessions made for you appear here." />;
  }
  return (
    <Blank
      icon="run"
      title="You have no running session"
      text="Start one by hand: all it takes is a host and a sign-in."
      actions={
        <Button onClick={() => newSession()} leftSection={<Icon name="plus" />}>
          New session
        </Button>
      }
    />
  );
};
