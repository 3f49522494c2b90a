import { useEffect, useState } from "react";

/**
 * Gives the focus back when a dialog goes: to the row the dialog came from rather than to its button, which may go with
 * what the dialog did; to the page when the place is gone.
 */
export const useFocusBack = (): void => {
  const [origin] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const target = origin?.closest('[role="row"]') ?? origin;
      if (target instanceof HTMLElement && target.isConnected && target !== document.body) target.focus();
      else document.getElementById("page")?.focus();
    },
    [origin],
  );
};
