import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";

const page = new URL("../../../docs/performance.md", import.meta.url);

/**
 * Tells what a benchmark has found: on stdout, and with `--write` in its place in docs/performance.md. `conditions` say how
 * it was measured, `body` is Markdown.
 */
export const report = ({ name, conditions, body }: { name: string; conditions: string; body: string }): void => {
  const text = `\`npm run bench:${name}\`, ${machine()}, ${conditions}:\n\n${body.trim()}\n`;
  console.log(`\n${text}`);
  if (process.argv.includes("--write")) writeFileSync(page, replaceSection(readFileSync(page, "utf8"), name, text));
};

/** A Markdown table; cells of numbers are formatted by the caller. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Throws when the page has no such section. */
export const replaceSection = (text: string, name: string, content: string): string => {
  const [open, close] = [`<!-- bench:${name} -->\n`, `<!-- /bench:${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`The page has no section bench:${name}.`);
  return text.slice(0, start + open.length) + content + text.slice(end);
};

/** Date, processor, Node, system and how busy it was; of the last minute, so the benchmark itself is in it. */
const machine = (): string => {
  const model = cpus()[0]?.model ?? "unknown processor";
  const system = /^PRETTY_NAME="(.*)"/m
    .exec(readFileSync("/etc/os-release", "utf8"))?.[1]
    ?.replace(/ GNU\/Linux| \(.*\)/g, "");
  const facts = [
    new Date().toISOString().slice(0, 10),
    `${model} with ${cpus().length} cores`,
    `Node ${process.versions.node}`,
    system ?? "Linux",
    `load ${loadavg()[0]?.toFixed(1)}`,
  ];
  return facts.join(", ");
};
