/**
 * Sets the colour scheme before the first paint: the choice kept in this browser, else the system's. The server puts
 * it, with the answer's nonce, before every stylesheet. Portal and session page read the same key and attribute.
 */
export const schemeScript = `(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("sallyport-scheme"); } catch {}
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const dark = chosen === "dark" || (chosen !== "light" && system.matches);
    document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  };
  paint();
  if (chosen !== "dark" && chosen !== "light") {
    system.addEventListener("change", () => {
      try { chosen = localStorage.getItem("sallyport-scheme"); } catch {}
      paint();
    });
  }
})();`;
