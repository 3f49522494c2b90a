import { Button } from "@mantine/core";
import { useState } from "react";
import type { endSessionRoute, SessionView } from "../../resources/sessions/schema.ts";
import { call } from "./api.ts";
import { Dialog } from "./dialog.tsx";
import { FormProblem } from "./form-problem.tsx";
import { Problem } from "./problem.ts";
import { nameOf, runTimeWords } from "./session-words.ts";

interface EndDialogProps {
  session: SessionView;
  onClose: () => void;
  onEnded: () => void;
}

/** Asks before a session is ended: the title names it, the focus is on the side that keeps it. */
const EndDialog = ({ session, onClose, onEnded }: EndDialogProps) => {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const end = async () => {
    setIsBusy(true);
    try {
      await call<typeof endSessionRoute>({
        method: "delete",
        path: "/api/sessions/{id}",
        params: { id: session.session_id },
      });
      onEnded();
      onClose();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setIsBusy(false);
    }
  };

  return (
    <Dialog
      title={
        <>
          End <bdi>{nameOf(session)}</bdi>?
        </>
      }
      size={500}
      onClose={onClose}
    >
      <p className="dialog-text">{consequence(session)}</p>
      {problem !== null && <FormProblem problem={problem} />}
      <div className="dialog-buttons">
        <Button color="bad" loading={isBusy} onClick={() => void end()}>
          End session
        </Button>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
      </div>
    </Dialog>
  );
};
export default EndDialog;

const consequence = (session: SessionView): string =>
  session.status === "pending"
    ? "It has not been opened yet. Nothing runs on the target."
    : `It has run for ${runTimeWords(session, Date.now())}. It closes at once for everyone attached. Programs you started stop with it, unless they run in tmux, screen or a service.`;
