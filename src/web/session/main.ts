import "../tokens.css";
import "./page.css";
import "./card.css";
import "./bar.css";
import "./strip.css";
import { h } from "../dom.ts";
import { readPageFacts } from "./page-facts.ts";
import { runSessionPage } from "./session-page.ts";

const place = document.querySelector<HTMLElement>("#root") ?? document.body;
const root = h("main", { class: "sp-page" });
place.append(root);
runSessionPage(root, readPageFacts(place));
