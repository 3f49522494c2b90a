import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { Disposal } from "../core/disposal.ts";
import { silentLogger } from "../core/log.ts";
import { checkGateway } from "./checks/check-gateway.ts";
import { checkLines } from "./checks/check-lines.ts";
import { commonOptions, FaultsFound, print, UsageError } from "./common.ts";
import { stepLines } from "./doctor-lines.ts";
import { type DoctorTarget, readLogins, readTarget } from "./doctor-target.ts";
import { readHopSecrets } from "./hop-secrets.ts";
import { createLocalDoctor } from "./local-doctor.ts";

export interface DoctorOptions {
  readonly via?: string;
  readonly identity?: string;
  readonly passwordStdin?: true;
}

/** Tests the way to a target, or without one the gateway itself. Throws `FaultsFound`, `UsageError`. */
export const runDoctor = (target: string | undefined, options: DoctorOptions, command: Command): Promise<void> =>
  target === undefined ? doctorOfGateway(options, command) : doctorOfTarget(readTarget(target), options, command);

const doctorOfGateway = async (options: DoctorOptions, command: Command): Promise<void> => {
  if (options.via !== undefined || options.identity !== undefined || options.passwordStdin)
    throw new UsageError("--via, --identity and --password-stdin need a target");
  const { config: file } = commonOptions(command);
  const checks = await checkGateway(loadConfig(file === undefined ? {} : { file }));
  const ok = checks.every(({ state }) => state !== "fail");
  print(command, { json: { ok, checks }, text: checks.map(checkLines).join("\n") });
  if (!ok) throw new FaultsFound();
};

const doctorOfTarget = async (
  { protocol, target }: DoctorTarget,
  { via, identity, passwordStdin }: DoctorOptions,
  command: Command,
): Promise<void> => {
  const hops = via === undefined ? [] : readLogins(via);
  const { config: file, json } = commonOptions(command);
  const { config } = loadConfig(file === undefined ? {} : { file });
  const secrets = await readHopSecrets(hops, { identity, fromStdin: passwordStdin === true });
  const disposal = new Disposal(silentLogger);
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Error("stopped"));
  process.once("SIGINT", stop);
  disposal.add("signal", () => void process.off("SIGINT", stop));
  try {
    const diagnose = await createLocalDoctor(config, disposal);
    const request = {
      protocol,
      target,
      settings: protocol.parseSettings({}),
      hops: hops.map((hop) => ({ ...hop, hostKey: null })),
      secrets,
      checkLimits: null,
    };
    const onStep = json ? () => undefined : (step: Parameters<typeof stepLines>[0]) => say(stepLines(step));
    const diagnosis = await diagnose(request, { onBegin: () => undefined, onStep }, stopping.signal);
    if (json) say(JSON.stringify(diagnosis));
    if (!diagnosis.ok) throw new FaultsFound();
  } finally {
    await disposal.dispose();
  }
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);
