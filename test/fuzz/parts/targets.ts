import { answers } from "../targets/answers.ts";
import { greetings } from "../targets/greetings.ts";
import { knownHosts } from "../targets/known-hosts.ts";
import { parser } from "../targets/parser.ts";
import { privateKey } from "../targets/private-key.ts";
import { rdpWatch } from "../targets/rdp-watch.ts";
import { rfbWatch } from "../targets/rfb-watch.ts";
import { scanner } from "../targets/scanner.ts";
import { upFilter } from "../targets/up-filter.ts";
import type { FuzzTarget } from "./fuzz-target.ts";

/** Every reader of what strangers write that is fuzzed. */
export const targets: readonly FuzzTarget[] = [
  scanner,
  parser,
  upFilter,
  answers,
  rfbWatch,
  rdpWatch,
  greetings,
  knownHosts,
  privateKey,
];
