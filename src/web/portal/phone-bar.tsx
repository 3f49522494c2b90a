import { Icon } from "./icon.tsx";
import { isAdmin } from "./me.ts";
import { PageLink } from "./page-link.tsx";
import { pages } from "./paths.ts";
import { useShell } from "./shell.ts";
import { useLiveCount } from "./use-live-count.ts";
import { usePath } from "./use-path.ts";

/** Navigation under the thumb, below 600 px. */
export const PhoneBar = () => {
  const { me, newSession, openPalette } = useShell();
  const { section } = pages[usePath()];
  const mine = useLiveCount();
  return (
    <nav className="phone-bar" aria-label="Pages, small window">
      <PageLink to="/" {...(section === "sessions" ? { "aria-current": "page" } : {})}>
        <span className="phone-bar-icon">
          <Icon name="run" size={20} />
          {mine > 0 && <span className="phone-bar-count">{mine}</span>}
        </span>
        Sessions{mine > 0 && <span className="sr-only"> live</span>}
      </PageLink>
      {newSession !== null && (
        <button type="button" onClick={() => newSession()}>
          <Icon name="plus" size={20} />
          New session
        </button>
      )}
      <button type="button" onClick={openPalette}>
        <Icon name="search" size={20} />
        Search
      </button>
      {isAdmin(me) && (
        <PageLink to="/admin/keys" {...(section === "sessions" ? {} : { "aria-current": "page" })}>
          <Icon name="settings" size={20} />
          Admin
        </PageLink>
      )}
    </nav>
  );
};
