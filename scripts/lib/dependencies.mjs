import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./ask.mjs";
import { npm } from "./node.mjs";
import { capture, hasTerminal, must, rootPrefix, which } from "./run.mjs";
import { say, step } from "./steps.mjs";

const compilerPackages = ["build-essential", "python3"];
const header = "scripts/lib/object-wrap.h";

/**
 * Installs the packages of package-lock.json and compiles ssh2's ciphers, unless that was done for this lock file and
 * this Node before. No package may run a script of its own: only ssh2 is compiled, on purpose.
 */
export async function installDependencies(root, node) {
  const stamp = join(root, "node_modules/.sallyport.json");
  const wanted = {
    lock: hashOf(join(root, "package-lock.json")),
    abi: node.version.split(".")[0],
    header: hashOf(join(root, header)),
  };
  const done = existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")) : {};
  const write = (ciphers) => writeFileSync(stamp, JSON.stringify({ ...wanted, ciphers }));

  if (done.lock !== wanted.lock) {
    await step("Installing the packages of package-lock.json", () =>
      npm(node, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
        cwd: root,
        next: "Check that npm reaches its registry (npm ping), then run the same command again.",
      }),
    );
  } else if (
    done.abi === wanted.abi &&
    done.header === wanted.header &&
    (done.ciphers !== "no compiler" || !hasCompiler())
  ) {
    if (done.ciphers === "no compiler") sayNoCompiler();
    return;
  }
  write(await compileCiphers(root, node));
}

function hashOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Resolves to "native", "no compiler" (looked for again at the next start) or "not compiled". */
async function compileCiphers(root, node) {
  if (!hasCompiler()) await offerCompiler();
  if (!hasCompiler()) {
    sayNoCompiler();
    return "no compiler";
  }
  const flags = `${process.env.CXXFLAGS ?? ""} -include "${join(root, header)}"`;
  const env = { ...process.env, CXXFLAGS: flags, ...(node.headers && { npm_config_nodedir: node.headers }) };
  try {
    await step("Compiling ssh2's ciphers", async () => {
      const next = "ssh2 was not compiled";
      const output = await npm(node, ["rebuild", "ssh2", "--foreground-scripts", "--ignore-scripts=false"], {
        cwd: root,
        env,
        next,
      });
      const binding = "./node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node";
      const loaded = await capture(node.path, ["-e", `require("${binding}")`], { cwd: root });
      if (loaded.code !== 0) throw new Error(`${output}\n${loaded.output}`);
    });
    return "native";
  } catch (error) {
    say(`  ssh2's ciphers could not be compiled for Node ${node.version}: SSH works, but 10× slower.`);
    say(error.message.trim().split("\n").slice(-12).join("\n").replaceAll(/^/gm, "    "));
    return "not compiled";
  }
}

function sayNoCompiler() {
  say(
    `• No compiler (cc, c++, make, python3): SSH is 10× slower. Install ${compilerPackages.join(" and ")}, start again.`,
  );
}

function hasCompiler() {
  return ["cc", "c++", "make", "python3"].every(which);
}

async function offerCompiler() {
  const prefix = hasTerminal && which("apt-get") ? rootPrefix() : undefined;
  if (!prefix) return;
  if (!(await ask(`Without a compiler SSH is 10× slower. Install ${compilerPackages.join(" and ")} now?`))) return;
  await step(`Installing ${compilerPackages.join(" and ")}`, async () => {
    const [program, ...first] = [...prefix, "apt-get"];
    const next = `Run 'apt-get update && apt-get install ${compilerPackages.join(" ")}' as root, then start again.`;
    await must(program, [...first, "update", "-q"], { next });
    await must(program, [...first, "install", "-y", "-q", ...compilerPackages], { next });
  });
}
