import type { AboutView, aboutRoute } from "../../../resources/about/schema.ts";
import { call } from "../api.ts";
import { HintBar } from "../hint-bar.tsx";
import { useLoaded } from "../use-loaded.ts";
import { NotLoaded } from "./not-loaded.tsx";

/** Which versions run here, and whether one of them should not. */
export const AboutPage = () => {
  const { data, ...waiting } = useLoaded(readAbout);
  if (data === null) return <NotLoaded title="About" {...waiting} />;
  const { version, node, guacd } = data;
  return (
    <>
      <div className="about">
        <h1>About</h1>
        <section>
          <h2>Session host</h2>
          <p className="note">It draws what the targets show. The gateway keeps it away from everybody else.</p>
          <dl className="facts">
            <div>
              <dt>
                <HostShape guacd={guacd} />
                guacd
              </dt>
              <dd>{guacd.version ?? "Version not known"}</dd>
              <dd className="faint">{guacd.managed ? "Run by the gateway" : "Reached by address"}</dd>
            </div>
            {guacd.warning !== null && (
              <div className="facts-warning">
                <dt>Warning</dt>
                <dd>{guacd.warning}</dd>
              </div>
            )}
          </dl>
        </section>
        <section>
          <h2>Versions</h2>
          <dl className="facts">
            <div>
              <dt>Sallyport</dt>
              <dd>{version}, Apache-2.0</dd>
            </div>
            <div>
              <dt>Node.js</dt>
              <dd>{node}</dd>
            </div>
          </dl>
        </section>
      </div>
      <HintBar />
    </>
  );
};

/** Triangle for a warning, disc for a version that is known, ring for one that is not. */
const HostShape = ({ guacd }: Pick<AboutView, "guacd">) => {
  const known = guacd.version === null ? "idle" : "ok";
  const state = guacd.warning === null ? known : "warn";
  return (
    <svg className={`dot is-${state}`} viewBox="0 0 10 10" aria-hidden="true">
      {state === "warn" ? <path d="M5 .8L9.7 9.2H.3z" /> : <circle cx={5} cy={5} r={4} />}
    </svg>
  );
};

const readAbout = async (signal: AbortSignal) =>
  (await call<typeof aboutRoute>({ method: "get", path: "/api/about", signal })).data;
