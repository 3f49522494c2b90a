import { Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";
import type { listProtocolsRoute, ProtocolView } from "../../../resources/protocols/schema.ts";
import type { getSessionRoute } from "../../../resources/sessions/schema.ts";
import { call } from "../api.ts";
import { ConnectionTest, type ConnectionTestInput } from "../connection-test/connection-test.tsx";
import { Dialog } from "../dialog.tsx";
import { FormProblem } from "../form-problem.tsx";
import { Notice } from "../notice.tsx";
import { Problem } from "../problem.ts";
import type { FormStart } from "../shell.ts";
import { afterTarget } from "./after-target.ts";
import { newHop } from "./hop-values.ts";
import { NewSessionForm } from "./new-session-form.tsx";
import { type NewSessionValues, noValues } from "./new-session-values.ts";
import { parseTarget } from "./parse-target.ts";
import "./form-styles.ts";

interface NewSessionDialogProps {
  start: FormStart;
  onClose: () => void;
}

type Drawing =
  | { kind: "loading" }
  | { kind: "failed"; problem: Problem }
  | {
      kind: "ready";
      protocols: readonly [ProtocolView, ...ProtocolView[]];
      initial: NewSessionValues;
      /** The session that was to fill the form could not be read. */
      isUnknown: boolean;
    };

const NewSessionDialog = ({ start, onClose }: NewSessionDialogProps) => {
  const [test, setTest] = useState<ConnectionTestInput | null>(null);
  const [drawing, setDrawing] = useState<Drawing>({ kind: "loading" });

  useEffect(() => {
    const over = new AbortController();
    prepare(start, over.signal)
      .then(setDrawing)
      .catch((error: unknown) => {
        if (!over.signal.aborted && error instanceof Problem) setDrawing({ kind: "failed", problem: error });
      });
    return () => over.abort();
  }, [start]);

  /** Back in the form, then. */
  const leaving =
    <A extends unknown[]>(then: (...facts: A) => void) =>
    (...facts: A) => {
      setTest(null);
      then(...facts);
    };

  return (
    <>
      <Dialog title="New session" size={762} onClose={onClose} isHidden={test !== null}>
        {drawing.kind === "loading" && <Skeleton className="new-session-loading" visible={false} />}
        {drawing.kind === "failed" && <FormProblem problem={drawing.problem} />}
        {drawing.kind === "ready" && drawing.isUnknown && (
          <Notice title="That session could not be read.">The form starts empty.</Notice>
        )}
        {drawing.kind === "ready" && (
          <NewSessionForm
            protocols={drawing.protocols}
            initial={drawing.initial}
            wantsTest={start.wantsTest === true}
            onTest={setTest}
            onMadeElsewhere={onClose}
          />
        )}
      </Dialog>
      {test !== null && (
        <ConnectionTest
          {...test}
          onEdit={leaving(test.onEdit)}
          onRefused={leaving(test.onRefused)}
          onStart={leaving(test.onStart)}
          onClose={leaving(test.onLeft)}
        />
      )}
    </>
  );
};
export default NewSessionDialog;

const prepare = async (start: FormStart, signal: AbortSignal): Promise<Drawing> => {
  const [{ data }, again] = await Promise.all([
    call<typeof listProtocolsRoute>({ method: "get", path: "/api/protocols", signal }),
    start.againId === undefined ? undefined : readAgain(start.againId, signal).catch(() => null),
  ]);
  const [first, ...others] = data;
  if (first === undefined) throw new Problem({ status: 0, code: "no_protocols", detail: "The gateway has none." });
  const typed = start.target === undefined ? null : parseTarget(start.target);
  // A line that the form can't hold whole stays as typed, so that it tells what it leaves out.
  const isWhole = typed !== null && typed.leftOut === null;
  const asTyped = { ...noValues, hostname: start.target ?? "" };
  return {
    kind: "ready",
    protocols: [first, ...others],
    initial: again ?? (isWhole ? afterTarget(noValues, typed, data) : asTyped),
    isUnknown: again === null,
  };
};

const readAgain = async (id: string, signal: AbortSignal): Promise<NewSessionValues> => {
  const { data } = await call<typeof getSessionRoute>({
    method: "get",
    path: "/api/sessions/{id}",
    params: { id },
    signal,
  });
  return {
    ...noValues,
    session_type: data.session_type,
    hostname: data.hostname ?? "",
    port: data.port === null ? "" : String(data.port),
    username: data.username ?? "",
    jump_hosts: (data.jump_hosts ?? []).map(newHop),
  };
};
