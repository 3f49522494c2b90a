import { Countdown } from "./countdown.tsx";
import { momentWords } from "./duration-words.ts";
import { Icon } from "./icon.tsx";
import { Problem } from "./problem.ts";
import { useShell } from "./shell.ts";
import { problemWords } from "./words.ts";

/** Under the top bar while the list is not live; it goes by itself. The sessions keep their own pages. */
export const GatewayStrip = () => {
  const { live } = useShell();
  if (live.sessions === null || live.problem === null) return null;
  const known = `The list shows what was known at ${momentWords(live.heardAtMs, Date.now())}.`;
  return (
    <aside className="strip" aria-label="Connection to the gateway">
      <Icon name="alert" />
      <div>
        <span role="alert">
          {navigator.onLine ? `${problemWords(new Problem(live.problem)).title}.` : "You are offline."} {known}
        </span>{" "}
        {live.retryAtMs !== null && navigator.onLine && (
          <span>
            Trying again in <Countdown untilMs={live.retryAtMs} />.
          </span>
        )}
      </div>
    </aside>
  );
};
