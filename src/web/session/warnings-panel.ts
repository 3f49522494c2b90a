import { h } from "../dom.ts";
import { createPanel, type Panel } from "./panel.ts";

/** The options that this session asked for and does not get, each in the gateway's words. */
export const createWarningsPanel = (warnings: readonly string[], onClose: () => void): Panel =>
  createPanel({
    title: "Without effect here",
    body: [h("ul", { class: "sp-warnings" }, ...warnings.map((warning) => h("li", {}, warning)))],
    foot: [],
    onClose,
  });
