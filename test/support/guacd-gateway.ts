import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { silentLogger } from "../../src/core/log.ts";
import { processesOfSession } from "../../src/core/process-stat.ts";
import type { GuacdAddress } from "../../src/guacd/guacd-address.ts";
import { GuacdLeg } from "../../src/guacd/guacd-leg.ts";
import { startGuacd } from "./guacd.ts";
import { portOf } from "./port-of.ts";

// Stands in for a gateway that is killed: opens as many sessions as its argument says, towards a target that stays
// silent, tells guacd's session id and home in one line of JSON, and stays.
const { lease } = await startGuacd();
const target = createServer(() => undefined).listen(0, "127.0.0.1");
const port = await portOf(target);
for (let count = Number(process.argv[2]); count > 0; count--) {
  const signal = AbortSignal.timeout(20_000);
  const start = (address: GuacdAddress) =>
    GuacdLeg.open({
      address,
      protocol: "ssh",
      args: { hostname: "127.0.0.1", port: String(port), username: "u", password: "p" },
      display: { width: 640, height: 480, dpi: 96 },
      image: [],
      timezone: null,
      name: null,
      timeouts: { connectMs: 5000, argsMs: 5000, readyMs: 5000, silenceMs: 15_000 },
      signal,
      log: silentLogger,
    });
  const leg = await lease.start(start, signal);
  leg.start({
    onData: () => undefined,
    onInstruction: () => "forward",
    onDrain: () => undefined,
    onEnd: () => undefined,
  });
}
const sessionId = lease.processId ?? 0;
const newest = (await processesOfSession(sessionId)).find(({ pid, groupId }) => pid === groupId && pid !== sessionId);
const home = /\0?HOME=([^\0]*)/.exec(readFileSync(`/proc/${newest?.pid}/environ`, "utf8"))?.[1] ?? "";
process.stdout.write(`${JSON.stringify({ sessionId, home })}\n`);
