import { useEffect, useState } from "react";
import type { getSessionRoute } from "../../resources/sessions/schema.ts";
import { call } from "./api.ts";
import { Dialog } from "./dialog.tsx";
import { NewSessionForm } from "./new-session-form.tsx";
import { type NewSessionValues, noValues } from "./new-session-values.ts";
import { Notice } from "./notice.tsx";
import "./form-styles.ts";

interface NewSessionDialogProps {
  /** The session to fill the form from, without its secrets. */
  againId: string | null;
  onClose: () => void;
  /** A session was made and is open in another window. */
  onMade: () => void;
}

const NewSessionDialog = ({ againId, onClose, onMade }: NewSessionDialogProps) => {
  const [values, setValues] = useState<NewSessionValues | null>(againId === null ? noValues : null);
  const [isUnknown, setIsUnknown] = useState(false);

  useEffect(() => {
    if (againId === null) return;
    const giveUp = new AbortController();
    readAgain(againId, giveUp.signal)
      .then(setValues)
      .catch(() => {
        if (giveUp.signal.aborted) return;
        setIsUnknown(true);
        setValues(noValues);
      });
    return () => giveUp.abort();
  }, [againId]);

  return (
    <Dialog title="New SSH session" size={762} onClose={onClose}>
      {isUnknown && <Notice title="That session could not be read.">The form starts empty.</Notice>}
      {values !== null && (
        <NewSessionForm
          initial={values}
          onMadeElsewhere={() => {
            onMade();
            onClose();
          }}
        />
      )}
    </Dialog>
  );
};
export default NewSessionDialog;

const readAgain = async (id: string, signal: AbortSignal): Promise<NewSessionValues> => {
  const { data } = await call<typeof getSessionRoute>({
    method: "get",
    path: "/api/sessions/{id}",
    params: { id },
    signal,
  });
  return {
    ...noValues,
    hostname: data.hostname ?? "",
    port: data.port === null ? noValues.port : String(data.port),
    username: data.username ?? "",
  };
};
