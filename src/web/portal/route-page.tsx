import { lazy, Suspense, useEffect, useRef } from "react";
import { Blank } from "./blank.tsx";
import { isAdmin } from "./me.ts";
import { pages } from "./paths.ts";
import { SessionsPage } from "./sessions/sessions-page.tsx";
import { useShell } from "./shell.ts";
import { usePath } from "./use-path.ts";

const AdminPage = lazy(() => import("./admin/admin-page.tsx"));

/** The page of the address. Another section takes the title and the focus with it. */
export const RoutePage = () => {
  const { me, siteTitle } = useShell();
  const path = usePath();
  const { title, section } = pages[path];
  const shown = useRef(section);

  useEffect(() => {
    document.title = `${title} · ${siteTitle}`;
  }, [title, siteTitle]);

  useEffect(() => {
    if (shown.current === section) return;
    shown.current = section;
    document.getElementById("page")?.focus();
  }, [section]);

  if (section === "sessions") return <SessionsPage />;
  if (section === "admin" && !isAdmin(me)) {
    return (
      <Blank
        icon="settings"
        isWholePage
        title="This page is for admins"
        text={`You are signed in as ${me.role}. Ask an admin if you need something changed here.`}
      />
    );
  }
  return (
    <Suspense>
      <AdminPage path={path} />
    </Suspense>
  );
};
