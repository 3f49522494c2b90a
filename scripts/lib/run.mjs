import { spawn, spawnSync } from "node:child_process";
import { constants as access, accessSync, statSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { SetupError } from "./steps.mjs";

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Service programs live in sbin, which is not on everybody's PATH. */
const searched = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The path of a program, or undefined. */
export function which(name) {
  return searched
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, access.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program quietly and resolves to its exit code and whole output. `limitSeconds` ends one that hangs.
 * A signal ends the program first and the set-up after it: a package installer cut off halfway leaves a broken system.
 */
export function capture(command, args, { cwd, env, limitSeconds = 900 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: limitSeconds * 1000 });
    let received;
    const onSignal = (signal) => {
      received ??= signal;
      child.kill("SIGTERM");
    };
    for (const signal of stopSignals) process.on(signal, onSignal);
    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const finish = (code, text) => {
      for (const signal of stopSignals) process.off(signal, onSignal);
      if (received) process.exit(128 + constants.signals[received]);
      resolve({ code, output: text });
    };
    child.on("error", (error) => finish(127, String(error)));
    child.on("close", (code, signal) => finish(code ?? 1, signal ? `${output}\n(ended by ${signal})` : output));
  });
}

/** As `capture`, but a failure is a SetupError with the end of the output and what to do next. */
export async function must(command, args, { next, ...options }) {
  const { code, output } = await capture(command, args, options);
  if (code === 0) return output;
  const tail = output.trim().split("\n").slice(-25).join("\n    ");
  throw new SetupError(`${command} ${args.join(" ")} failed with exit code ${code}:\n    ${tail}`, next);
}

export const hasTerminal = Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** What to put before a command that needs root, or undefined when this user may not. */
export function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (!which("sudo")) return undefined;
  if (spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0) return ["sudo", "-n"];
  return hasTerminal ? ["sudo"] : undefined;
}
