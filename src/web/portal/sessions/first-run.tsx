import { Button } from "@mantine/core";
import type { aboutRoute } from "../../../resources/about/schema.ts";
import type { authStatusRoute } from "../../../resources/auth/schema.ts";
import type { Station } from "../../station.ts";
import { call } from "../api.ts";
import { DrawnPath } from "../drawn-path.tsx";
import { HintBar } from "../hint-bar.tsx";
import { Icon } from "../icon.tsx";
import { useShell } from "../shell.ts";
import { useLoaded } from "../use-loaded.ts";
import { goTo } from "../use-path.ts";
import { type Check, checksOf } from "./first-run-checks.ts";
import "./first-run.css";

/** What an admin sees before the first session: how far the way is ready, what can be tried, what is still to settle. */
const FirstRun = () => {
  const { newSession } = useShell();
  const { data } = useLoaded(readFacts);
  return (
    <>
      <div className="first-run">
        <div className="first-run-middle">
          <h1>Welcome to Sallyport</h1>
          <p className="first-run-lead">
            The gateway is running. Open your first target in this browser; nothing has to be installed on either side.
          </p>
          <DrawnPath className="first-run-way" stations={way} targetIcon="terminal" />
          <div className="first-run-cards">
            <section>
              <Icon name="run" size={20} />
              <h2>Just try it</h2>
              <p>Open one session by hand: SSH, RDP or VNC. Nothing is saved.</p>
              <Button onClick={() => newSession?.()}>New session</Button>
            </section>
            <section>
              <Icon name="key" size={20} />
              <h2>Let programs in</h2>
              <p>Make a key for scripts and other tools, for as long and from where you say.</p>
              <Button variant="default" onClick={() => goTo("/admin/keys")}>
                API keys
              </Button>
            </section>
          </div>
          <h2 className="first-run-title">Before other people use it</h2>
          <ul className="first-run-checks">
            {data !== null && checksOf(data, location).map((check) => <CheckLine key={check.title} check={check} />)}
          </ul>
        </div>
      </div>
      <HintBar />
    </>
  );
};
export default FirstRun;

/** The way from here to a target, as far as it is ready. */
const way: readonly Station[] = [
  { kind: "you", name: "You", note: "this browser", state: "ok" },
  { kind: "gateway", name: "Gateway", note: "ready", state: "ok" },
  { kind: "target", name: "Your first target", note: "open it below", state: "waiting" },
];

const CheckLine = ({ check }: { check: Check }) => (
  <li>
    <svg className={`check-shape is-${check.state}`} viewBox="0 0 10 10" aria-hidden="true">
      {check.state === "warn" ? <path d="M5 .8L9.7 9.2H.3z" /> : <circle cx={5} cy={5} r={4} />}
    </svg>
    <div>
      <span className="name">{check.title}</span> <span className="faint">{check.text}</span>
    </div>
  </li>
);

const readFacts = async (signal: AbortSignal) => {
  const [about, status] = await Promise.all([
    call<typeof aboutRoute>({ method: "get", path: "/api/about", signal }),
    call<typeof authStatusRoute>({ method: "get", path: "/api/auth/status", signal }),
  ]);
  return { about: about.data, hasSingleSignOn: status.data.oidc_enabled };
};
