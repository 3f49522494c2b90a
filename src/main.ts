import { run } from "./cli/run.ts";

// Whatever is made from here on, in the data directory above all, is for this user only.
process.umask(0o077);

// Left at once: after a stopped gateway a timer may still be waiting. Output is already written, as Linux's standard
// streams are synchronous.
process.exit(await run(process.argv.slice(2)));
