/** What the gateway wrote into the page for every answer alike. */
export const resumeMs = (): number => Number(document.getElementById("root")?.dataset.resumeSeconds ?? "300") * 1000;
