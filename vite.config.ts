import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * Builds the browser's two programs into public/assets. There are no HTML files: the server composes each page's HTML
 * from manifest.json, so that every script and style element carries the nonce of its answer.
 */
export default defineConfig({
  base: "/assets/",
  publicDir: false,
  plugins: [react()],
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
