import { Countdown } from "./countdown.tsx";
import { momentWords } from "./duration-words.ts";
import { Icon } from "./icon.tsx";
import type { SessionsState } from "./use-sessions.ts";
import { problemWords } from "./words.ts";

/** Under the top bar while the list cannot be read; it goes by itself. The sessions keep their own pages. */
export const GatewayStrip = ({ state }: { state: SessionsState }) => {
  if (state.problem === null) return null;
  const known = `The list shows what was known at ${momentWords(state.seenAtMs, Date.now())}.`;
  return (
    <aside className="strip" aria-label="Connection to the gateway">
      <Icon name="alert" />
      <div>
        <span role="alert">
          {navigator.onLine ? `${problemWords(state.problem).title}.` : "You are offline."} {known}
        </span>{" "}
        {state.retryAtMs !== null && navigator.onLine && (
          <span>
            Trying again in <Countdown untilMs={state.retryAtMs} />.
          </span>
        )}
      </div>
    </aside>
  );
};
