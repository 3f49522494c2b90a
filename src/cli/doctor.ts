import type { Command } from "commander";
import type { DoctorOptions } from "./run-doctor.ts";

export const doctorCommand = (program: Command): void => {
  program
    .command("doctor")
    .description("test the gateway itself, or the way to a target")
    .argument("[target]", "ssh://host:port, rdp://host or vnc://host; it is reached, and not signed in to")
    .option("--via <hops>", "SSH servers on the way: user@host:port,user@host")
    .option("--identity <file>", "private key that signs in to the hops; else passwords are asked for")
    .option("--password-stdin", "read the hops' passwords, or the key's passphrase, from the input, one a line")
    .action(async (target: string | undefined, options: DoctorOptions, command: Command) => {
      // Loaded here, so that the other commands start without what reaches targets.
      const { runDoctor } = await import("./run-doctor.ts");
      await runDoctor(target, options, command);
    });
};
