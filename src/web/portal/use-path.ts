import { useSyncExternalStore } from "react";
import { isPagePath, type PagePath } from "./paths.ts";

/** The page that the address names, followed through the browser's history. */
export const usePath = (): PagePath =>
  useSyncExternalStore(subscribe, () => (isPagePath(location.pathname) ? location.pathname : "/"));

/** Shows another page without loading the portal anew. */
export const goTo = (path: PagePath): void => {
  if (path === location.pathname) return;
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
};

const subscribe = (onChange: () => void) => {
  addEventListener("popstate", onChange);
  return () => removeEventListener("popstate", onChange);
};
