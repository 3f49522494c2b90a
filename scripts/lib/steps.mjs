/** A failure that a person can repair: `next` says how. */
export class SetupError extends Error {
  constructor(message, next) {
    super(message);
    this.next = next;
  }
}

/** Everything the set-up says goes to stderr: stdout belongs to what it starts. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function secondsSince(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/** Runs `work`, saying before what it does and after how long it took. */
export async function step(title, work) {
  const start = performance.now();
  say(`• ${title} …`);
  const result = await work();
  say(`  done in ${secondsSince(start)}`);
  return result;
}
