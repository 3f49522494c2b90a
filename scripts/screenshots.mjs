// `npm run screenshots`: gets what the pictures need, as `npm test` does, and draws them.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAssets } from "./lib/assets.mjs";
import { installDependencies } from "./lib/dependencies.mjs";
import { provideGuacd } from "./lib/guacd.mjs";
import { findNode } from "./lib/node.mjs";
import { SetupError, say } from "./lib/steps.mjs";
import { provideTestTools } from "./lib/test-tools.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../..");
try {
  const node = await findNode(root);
  await installDependencies(root, node);
  await provideGuacd(root, []);
  await buildAssets(root, node);
  await provideTestTools(root);
  const args = [join(root, "test/screenshots/main.ts"), ...process.argv.slice(2)];
  process.exitCode = spawnSync(node.path, args, { cwd: root, stdio: "inherit" }).status ?? 1;
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`✗ ${error.message}\n  Next: ${error.next}`);
  process.exitCode = 1;
}
