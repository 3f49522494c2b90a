import { useCallback, useEffect, useState } from "react";
import type { authStatusRoute, MeView, meRoute } from "../../resources/auth/schema.ts";
import { call } from "./api.ts";
import { ErrorBlock } from "./error-block.tsx";
import { Frame } from "./frame.tsx";
import { Home } from "./home.tsx";
import { nextPath } from "./next-path.ts";
import { Problem } from "./problem.ts";
import { SignIn } from "./sign-in.tsx";
import { SkeletonRows } from "./skeleton-rows.tsx";

type View =
  | { kind: "loading" }
  | { kind: "sign-in" }
  | { kind: "home"; me: MeView }
  | { kind: "failed"; problem: Problem; retryAtMs: number };

/** Who is there decides what is drawn: the sign-in page, or the pages of the person. */
export const App = () => {
  const [view, setView] = useState<View>({ kind: "loading" });
  const [siteTitle, setSiteTitle] = useState("");

  const load = useCallback(async () => {
    try {
      const [status, me] = await Promise.all([
        call<typeof authStatusRoute>({ method: "get", path: "/api/auth/status" }),
        call<typeof meRoute>({ method: "get", path: "/api/me" }).catch(nullWhenSignedOut),
      ]);
      setSiteTitle(status.data.site_title);
      if (me === null) return setView({ kind: "sign-in" });
      const next = nextPath(location.search, location.origin);
      if (next !== null) return location.replace(next);
      setView({ kind: "home", me: me.data });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setView({ kind: "failed", problem: error, retryAtMs: Date.now() + error.retryInMs });
    }
  }, []);

  useEffect(() => {
    void load();
  }, [load]);

  useEffect(() => {
    if (view.kind !== "failed") return;
    const timer = setTimeout(() => void load(), view.retryAtMs - Date.now());
    return () => clearTimeout(timer);
  }, [view, load]);

  useEffect(() => {
    if (siteTitle !== "" && view.kind === "sign-in") document.title = `Sign in · ${siteTitle}`;
  }, [siteTitle, view.kind]);

  if (view.kind === "sign-in") return <SignIn siteTitle={siteTitle} onSignedIn={load} />;
  if (view.kind === "home") {
    return <Home me={view.me} siteTitle={siteTitle} onSignedOut={() => setView({ kind: "sign-in" })} />;
  }
  return (
    <Frame siteTitle={siteTitle}>
      {view.kind === "loading" ? (
        <SkeletonRows />
      ) : (
        <ErrorBlock problem={view.problem} retryAtMs={view.retryAtMs} onRetry={load} />
      )}
    </Frame>
  );
};

const nullWhenSignedOut = (error: unknown): null => {
  if (error instanceof Problem && error.status === 401) return null;
  throw error;
};
