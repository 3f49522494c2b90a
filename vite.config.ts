import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { compressAssets } from "./scripts/lib/compress-assets.mjs";

/** What the session page imports of the Guacamole client. A name that is missing here fails the build. */
const usedGuacamole = [
  "Client",
  "Tunnel",
  "Parser",
  "Keyboard",
  "Mouse",
  "ArrayBufferReader",
  "ArrayBufferWriter",
  "AudioPlayer",
  "AudioContextFactory",
];

/** Inside parts that are used, what nothing calls: fingers.ts does as both of these. */
const unusedGuacamole = /^Guacamole\.Mouse\.Touch(pad|screen)\b/;

/**
 * Leaves out what nothing reaches: the library is one object, which no bundler shakes. Its top level is runs of
 * statements that begin with `Guacamole.<Part>`; a part stays when a part that stays names it in its code.
 */
const trimGuacamole = (): Plugin => ({
  name: "trim-guacamole",
  transform: {
    filter: { id: /guacamole-common-js\/lib\/esm\/guacamole\.js$/ },
    handler: (code) => {
      const pieces = code
        .replaceAll(/\/\*[\s\S]*?\*\//g, "")
        .split(/^(?=Guacamole\.\w|var Guacamole|const exportGuac|export \{)/m)
        .filter((text) => !unusedGuacamole.test(text))
        .map((text) => ({ text, part: /^(?:Guacamole\.|const exportGuac_)(\w+)/.exec(text)?.[1] }));
      const kept = new Set(usedGuacamole);
      for (const part of kept) {
        for (const { text } of pieces.filter((piece) => piece.part === part)) {
          for (const [, named = ""] of text.matchAll(/\bGuacamole\.(\w+)/g)) kept.add(named);
        }
      }
      return pieces
        .filter(({ part }) => part === undefined || kept.has(part))
        .map(({ text }) =>
          text.replaceAll(/^ +exportGuac_\w+ as (\w+),$/gm, (line, name) => (kept.has(name) ? line : "")),
        )
        .join("");
    },
  },
});

const compress = (): Plugin => ({
  name: "compress-assets",
  writeBundle: ({ dir }, bundle) => compressAssets(dir, Object.keys(bundle)),
});

/**
 * Builds the browser's programs into public/assets. There are no HTML files: the server composes each page's HTML
 * from manifest.json, so that every script and style element carries the nonce of its answer.
 */
export default defineConfig({
  base: "/assets/",
  publicDir: false,
  plugins: [react(), trimGuacamole(), compress()],
  build: {
    target: "es2024",
    outDir: "public/assets",
    assetsDir: "",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    sourcemap: false,
    // Tests weigh what people wait for; Swagger UI is heavy, and alone on its page.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: {
        session: "src/web/session/main.ts",
        portal: "src/web/portal/main.tsx",
        apiDocs: "src/web/api-docs/main.ts",
      },
    },
  },
});
