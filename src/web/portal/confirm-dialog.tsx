import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog.tsx";
import { FormProblem } from "./form-problem.tsx";
import { Problem } from "./problem.ts";

interface ConfirmDialogProps {
  /** Names the object. */
  title: ReactNode;
  /** What will happen. */
  children: ReactNode;
  /** Repeats the verb of the title. */
  verb: string;
  /** What the other button says. */
  keep: string;
  isDangerous?: boolean;
  /** Closes the dialog when it resolves; a `Problem` is shown in it. */
  act: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something is done; the focus is on the side that leaves everything as it is. */
export const ConfirmDialog = ({
  title,
  children,
  verb,
  keep,
  isDangerous = true,
  act,
  onClose,
}: ConfirmDialogProps) => {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const confirm = async () => {
    setIsBusy(true);
    try {
      await act();
      onClose();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      setIsBusy(false);
    }
  };

  return (
    <Dialog title={title} size={502} onClose={onClose}>
      <p className="dialog-text">{children}</p>
      {problem !== null && <FormProblem problem={problem} />}
      <div className="dialog-buttons">
        <Button {...(isDangerous ? { color: "bad" } : {})} loading={isBusy} onClick={() => void confirm()}>
          {verb}
        </Button>
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep}
        </Button>
      </div>
    </Dialog>
  );
};
