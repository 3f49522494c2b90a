import { isAdmin } from "./me.ts";
import { PageLink } from "./page-link.tsx";
import { pages } from "./paths.ts";
import { useShell } from "./shell.ts";
import { useLiveCount } from "./use-live-count.ts";
import { usePath } from "./use-path.ts";

/** The pages there are, in the top bar. */
export const Navigation = () => {
  const { me } = useShell();
  const { section } = pages[usePath()];
  const mine = useLiveCount();
  return (
    <nav className="navigation" aria-label="Pages">
      <PageLink to="/" {...(section === "sessions" ? { "aria-current": "page" } : {})}>
        Sessions
        {mine > 0 && (
          <span className="count">
            {mine}
            <span className="sr-only"> live</span>
          </span>
        )}
      </PageLink>
      {isAdmin(me) && (
        <PageLink to="/admin/keys" {...(section === "sessions" ? {} : { "aria-current": "page" })}>
          Admin
        </PageLink>
      )}
    </nav>
  );
};
