import { Icon } from "../icon.tsx";
import type { IconName } from "../icon-outlines.ts";
import { isAdmin } from "../me.ts";
import { PageLink } from "../page-link.tsx";
import type { PagePath } from "../paths.ts";
import { useShell } from "../shell.ts";
import { AboutPage } from "./about-page.tsx";
import { KeysPage } from "./keys-page.tsx";
import { KnownHostsPage } from "./known-hosts-page.tsx";
import "./admin.css";

const sections: readonly { title: string; path: PagePath; name: string; icon: IconName }[] = [
  { title: "People", path: "/admin/keys", name: "API keys", icon: "key" },
  { title: "Trust", path: "/admin/known-hosts", name: "Host keys", icon: "fingerprint" },
  { title: "Gateway", path: "/about", name: "About", icon: "info" },
];

/** The pages behind Admin, with their list beside them. Others than admins see About alone. */
const AdminPage = ({ path }: { path: PagePath }) => {
  const { me } = useShell();
  return (
    <div className="admin">
      {isAdmin(me) && (
        <nav className="admin-nav" aria-label="Admin">
          {sections.map((section) => (
            <div key={section.path}>
              <div className="admin-nav-title">{section.title}</div>
              <PageLink to={section.path} {...(section.path === path ? { "aria-current": "page" } : {})}>
                <Icon name={section.icon} />
                {section.name}
              </PageLink>
            </div>
          ))}
        </nav>
      )}
      <div className="admin-main">
        {path === "/admin/keys" && <KeysPage />}
        {path === "/admin/known-hosts" && <KnownHostsPage />}
        {path === "/about" && <AboutPage />}
      </div>
    </div>
  );
};
export default AdminPage;
