import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Parts of the Guacamole client that no page uses; the library is one object, so nothing else removes them. */
const unusedGuacamole = [
  ...["SessionRecording", "KeyEventInterpreter", "OnScreenKeyboard", "InputSink", "UTF8Parser"],
  ...["HTTPTunnel", "StaticHTTPTunnel", "ChainedTunnel", "WebSocketTunnel"],
  ...["AudioRecorder", "RawAudioRecorder", "JSONReader", "BlobReader", "BlobWriter", "StringReader", "StringWriter"],
];

/** Leaves out those parts, a quarter of the library: each is a run of top-level statements that begin with its name. */
const trimGuacamole = (): Plugin => ({
  name: "trim-guacamole",
  transform: {
    filter: { id: /guacamole-common-js\/lib\/esm\/guacamole\.js$/ },
    handler: (code) =>
      code
        .split(/^(?=Guacamole\.\w|var Guacamole|const exportGuac|export \{)/m)
        .filter((part) => !unusedGuacamole.includes(/^(?:Guacamole\.|const exportGuac_)(\w+)/.exec(part)?.[1] ?? ""))
        .join("")
        .replaceAll(/^ +exportGuac_\w+ as (\w+),$/gm, (line, name) => (unusedGuacamole.includes(name) ? "" : line)),
  },
});

/**
 * Builds the browser's two programs into public/assets. There are no HTML files: the server composes each page's HTML
 * from manifest.json, so that every script and style element carries the nonce of its answer.
 */
export default defineConfig({
  base: "/assets/",
  publicDir: false,
  plugins: [react(), trimGuacamole()],
  build: {
    target: "es2024",
    outDir: "public/assets",
    assetsDir: "",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    sourcemap: false,
    rolldownOptions: {
      input: { session: "src/web/session/main.ts", portal: "src/web/portal/main.tsx" },
    },
  },
});
