import { Button } from "@mantine/core";
import type { SessionView } from "../../../resources/sessions/schema.ts";
import { Icon } from "../icon.tsx";
import { mainActionOf } from "./main-action.ts";
import { nameOf } from "./session-words.ts";

export interface SessionButtonsProps {
  session: SessionView;
  isMine: boolean;
  isChosen: boolean;
  tabIndex: 0 | -1;
  onEnd: (session: SessionView) => void;
  /** Absent when the person may not make sessions. */
  onStartAgain: ((session: SessionView) => void) | null;
}

/** What can be done with a session: its main action, and End while it runs. */
export const SessionButtons = ({ session, isMine, isChosen, tabIndex, onEnd, onStartAgain }: SessionButtonsProps) => {
  const name = nameOf(session);
  const look = { size: "xs", variant: isChosen ? "filled" : "default", tabIndex } as const;
  if (session.status === "ended") {
    if (onStartAgain === null) return null;
    return (
      <Button
        {...look}
        className="main-action"
        aria-label={`Start again: ${name}`}
        leftSection={<Icon name="again" size={14} />}
        onClick={() => onStartAgain(session)}
      >
        Start again
      </Button>
    );
  }
  const action = mainActionOf(session, isMine);
  return (
    <>
      {action !== null && (
        <Button
          {...look}
          {...(action.opensWindow ? { target: "_blank", rel: "noopener" } : {})}
          component="a"
          href={action.href}
          className="main-action"
          aria-label={`${action.verb}: ${name}`}
          leftSection={
            <Icon name={action.verb === "Watch" ? "eye" : "play"} size={action.verb === "Watch" ? 14 : 12} />
          }
        >
          {action.verb}
        </Button>
      )}
      <Button
        className="end-action"
        size="xs"
        variant="subtle"
        color="bad"
        tabIndex={tabIndex}
        aria-label={`End: ${name}`}
        leftSection={<Icon name="stop" size={14} />}
        onClick={() => onEnd(session)}
      >
        End
      </Button>
    </>
  );
};
