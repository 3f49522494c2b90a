import type { endSessionRoute, SessionView } from "../../../resources/sessions/schema.ts";
import { call } from "../api.ts";
import { ConfirmDialog } from "../confirm-dialog.tsx";
import { isMine } from "../me.ts";
import { useShell } from "../shell.ts";
import { nameOf, ownerName, runTimeWords } from "./session-words.ts";

interface EndDialogProps {
  session: SessionView;
  onClose: () => void;
}

/** Asks before a session is ended. */
const EndDialog = ({ session, onClose }: EndDialogProps) => {
  const { me, live } = useShell();
  const isOwn = isMine(session, me);
  const end = () =>
    call<typeof endSessionRoute>({
      method: "delete",
      path: "/api/sessions/{id}",
      params: { id: session.session_id },
    });
  return (
    <ConfirmDialog
      title={
        <>
          End <bdi>{isOwn ? nameOf(session) : `${ownerName(session)}'s session`}</bdi>?
        </>
      }
      verb="End session"
      keep="Keep it"
      act={end}
      onClose={onClose}
    >
      {isOwn ? "It" : `The ${session.session_type.toUpperCase()} session on ${nameOf(session)}`}{" "}
      {consequence(session, Date.now() + live.skewMs)}
    </ConfirmDialog>
  );
};
export default EndDialog;

const consequence = (session: SessionView, serverNowMs: number): string => {
  if (session.status === "pending") return "has not been opened yet. Nothing runs on the target.";
  const left =
    session.session_type === "ssh"
      ? "Programs started in it stop with it, unless they run in tmux, screen or a service."
      : "Programs on the desktop keep running, and unsaved work in them stays there.";
  return `has run for ${runTimeWords(session, serverNowMs)}. It closes at once for everyone attached. ${left}`;
};
