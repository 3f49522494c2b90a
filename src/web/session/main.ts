import "../tokens.css";
import "./page.css";
import "./card.css";
import "./bar.css";
import { h } from "../dom.ts";
import { runSessionPage } from "./session-page.ts";

const place = document.querySelector<HTMLElement>("#root") ?? document.body;
const root = h("main", { class: "sp-page" });
place.append(root);
runSessionPage(root, {
  sessionId: location.pathname.split("/")[2] ?? "",
  siteTitle: place.dataset.siteTitle ?? "Sallyport",
  bannerTimeoutMs: Number(place.dataset.bannerTimeoutSeconds ?? 0) * 1000,
});
