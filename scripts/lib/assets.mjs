import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./run.mjs";
import { step } from "./steps.mjs";

/** Builds the browser's files, unless public/assets holds what these sources build to. */
export async function buildAssets(root, node) {
  const stamp = join(root, "public/assets/.sources");
  const hash = hashOfSources(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  await step("Building the web pages", async () => {
    await must(node.path, [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
      cwd: root,
      next: "Repair the sources in src/web that the message names. If you did not change them, remove node_modules and start again.",
    });
    writeFileSync(stamp, hash);
  });
}

/** The browser's code takes types from the resources' schemas, so these count as sources too. */
function hashOfSources(root) {
  const files = [
    "vite.config.ts",
    "scripts/lib/compress-assets.mjs",
    "package-lock.json",
    ...list(root, "src/web"),
    ...list(root, "src/resources").filter((path) => path.endsWith("/schema.ts")),
  ];
  const hash = createHash("sha256");
  for (const path of files)
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
}

function list(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? list(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
    .sort();
}
