import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./mantine-styles.ts";
import "../tokens.css";
import "./portal.css";
import { App } from "./app.tsx";
import { CrashBoundary } from "./crash-boundary.tsx";
import { cssVariablesResolver, theme } from "./theme.ts";

/** Styles made at run time (Mantine's, and the scroll lock's under dialogs) carry the nonce of this page's answer. */
const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
setNonce(nonce);

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={localStorageColorSchemeManager({ key: "sallyport-scheme" })}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <CrashBoundary>
        <App />
      </CrashBoundary>
    </MantineProvider>
  </StrictMode>,
);
