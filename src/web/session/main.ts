import "../tokens.css";
import "./page.css";
import "./card.css";
import "./bar.css";
import { h } from "../dom.ts";
import { runSessionPage } from "./session-page.ts";

const root = h("main", { class: "sp-page" });
document.querySelector("#root")?.append(root);
runSessionPage(root, location.pathname.split("/")[2] ?? "");
