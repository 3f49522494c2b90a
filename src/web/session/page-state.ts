import { mark } from "../icon-shapes.ts";

export type PageState = "connecting" | "running" | "lost" | "ended";

const titleSigns: Record<PageState, string> = { connecting: "… ", running: "", lost: "! ", ended: "× " };
/** Drawn over the mark's lower right corner; a favicon sees no tokens, so it names its own colours. */
const badges: Record<PageState, string> = {
  connecting: '<circle cx="25" cy="25" r="6" fill="#fff" stroke="#b97a00" stroke-width="3"/>',
  running: "",
  lost: '<circle cx="25" cy="25" r="7" fill="#b97a00"/><path d="M25 20.5v5M25 28.6v.6" stroke="#fff" stroke-width="2.2"/>',
  ended:
    '<circle cx="25" cy="25" r="7" fill="#c9372f"/><path d="M22 22l6 6M28 22l-6 6" stroke="#fff" stroke-width="2"/>',
};

/** Lets the tab's title and icon tell what the session does. */
export const showPageState = (name: string, state: PageState): void => {
  document.title = `${titleSigns[state]}${name} · Sallyport`;
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#4c7fe6" d="${mark.wall}"/>${badges[state]}</svg>`;
  icon?.setAttribute(
    "href",
    state === "running" ? "/favicon.svg" : `data:image/svg+xml,${encodeURIComponent(drawing)}`,
  );
};
