import type { EndReason, SessionView } from "../../resources/sessions/schema.ts";
import { type HopDetail, hopDetail } from "./hop-detail.ts";
import { keySentence, keyTitle, keyVerdict, withoutFingerprints } from "./key-words.ts";
import { shortName } from "./names.ts";
import { clockTime, durationWords, limitWords } from "./time-words.ts";

/** What the page was told of the gateway's limits; 0 is none. */
export interface SessionLimits {
  readonly idleLimitMs: number;
  readonly longestMs: number;
  /** How long a session is kept whose page was lost. */
  readonly resumeMs: number;
}

/** What the words may name. `ranForMs` is null when the session never started. */
export interface EndFacts {
  readonly session: SessionView;
  readonly detail: string | null;
  readonly ranForMs: number | null;
  readonly limits: SessionLimits;
  /** Who owns the session when the page only looked on. */
  readonly watched: string | null;
}

/** Where the way broke: at a station, or behind it. Hops count from 1. */
export type BreakPlace = "you" | "gateway" | "target" | BreakAtHop;

interface BreakAtHop {
  readonly hop: number;
  readonly isBehind: boolean;
  /** What it did, below it in the drawing. */
  readonly note: string;
}

export interface EndWords {
  readonly title: string;
  readonly sentence: string;
  readonly breakAt?: BreakPlace;
  /** Starting again can't help before somebody has changed something. */
  readonly isFinal?: boolean;
}

/** The words for the end of a session, in the order of the gateway's own list. */
export const endWords = (reason: EndReason, facts: EndFacts): EndWords => table[reason](facts);

const table: Record<EndReason, (facts: EndFacts) => EndWords> = {
  closed: (facts) => ({
    title: facts.watched === null ? "You ended the session" : `${shortName(facts.watched)} ended the session`,
    sentence:
      facts.ranForMs === null ? "It was ended before it had started." : `It ran for ${durationWords(facts.ranForMs)}.`,
  }),
  terminated: (facts) => ({
    title: "An admin ended this session",
    sentence: sentences(terminatedBy(facts), "Ask them before you start again."),
  }),
  expired: ({ session }) => ({
    title: "This session was never opened",
    sentence: sentences(waitedFor(session), "Start it again when you are ready."),
  }),
  idle: ({ limits: { idleLimitMs } }) => ({
    title: idleLimitMs === 0 ? "Ended without input" : `Ended after ${durationWords(idleLimitMs)} without input`,
    sentence: "Nothing was typed, clicked or touched.",
  }),
  max_duration: ({ limits: { longestMs } }) => ({
    title: longestMs === 0 ? "Ended at its time limit" : `Ended at the ${limitWords(longestMs)} limit`,
    sentence: "Start again for a new session.",
  }),
  target_closed: (facts) => ({
    title: isSignOut(facts) ? "You signed out" : "The target closed the session",
    sentence: closedSentence(facts),
  }),
  target_unreachable: ({ session, detail }) => ({
    title: unreachableTitle(session, detail),
    sentence: detail ?? "It is off, or a firewall drops the traffic.",
    breakAt: "target",
  }),
  target_not_allowed: ({ detail }) => ({
    title: `The gateway may not reach ${hopDetail(detail) ? `hop ${hopDetail(detail)?.number}` : "this target"}`,
    sentence: hopDetail(detail)?.why ?? detail ?? "It is outside the networks that an admin has allowed.",
    breakAt: "gateway",
    isFinal: true,
  }),
  host_key_changed: ({ session, detail }) => {
    const [hop, verdict] = [hopDetail(detail), keyVerdict(detail)];
    return {
      title: `The host key of ${hop ? `hop ${hop.number}` : "the target"} ${keyTitle[verdict ?? "changed"]}`,
      sentence: verdict ? keySentence(verdict, hop?.host ?? session.hostname ?? "It") : (detail ?? ""),
      breakAt: atHop(hop, "another key") ?? "target",
      isFinal: true,
    };
  },
  certificate_untrusted: ({ detail }) => {
    const verdict = detail === null ? undefined : keyVerdict(detail);
    return {
      title: `The target's certificate ${verdict ? keyTitle[verdict] : "is not trusted"}`,
      sentence: detail === null ? "Nothing was sent to it." : withoutFingerprints(detail),
      breakAt: "target",
      isFinal: verdict !== undefined,
    };
  },
  auth_failed: ({ detail }) => ({
    title: "The target refused the sign-in",
    sentence: sentences(detail, "Check the name and the password or key."),
    breakAt: "target",
  }),
  guacd_failed: () => ({
    title: "The session host stopped",
    sentence: "It is being restarted. Nothing is wrong with the target. Start again in a few seconds.",
    breakAt: "gateway",
  }),
  hop_failed: ({ detail, ranForMs }) => {
    const hop = hopDetail(detail);
    const [what, isBehind] = hopFault(hop?.why ?? "", ranForMs !== null);
    return {
      title: hop ? `Hop ${hop.number}, ${hop.host}, ${what}` : `A hop ${what}`,
      sentence: sentences(hop?.why ?? detail, ...(ranForMs === null ? [] : afterRunning(ranForMs))),
      breakAt: atHop(hop, what, isBehind) ?? "target",
    };
  },
  browser_failed: () => ({
    title: "The isolated browser stopped",
    sentence: "The page could not be shown any longer. Start again for a fresh browser.",
    breakAt: "target",
  }),
  recording_failed: () => ({
    title: "Ended because it could not be recorded",
    sentence: "This target must be recorded and the recording stopped. Tell an admin; the disk may be full.",
    breakAt: "gateway",
  }),
  client_gone: ({ limits: { resumeMs }, watched }) => ({
    title: goneTitle(resumeMs, watched),
    sentence:
      resumeMs === 0
        ? "The session ended when the connection was lost."
        : `The session was kept for ${durationWords(resumeMs)} after the connection was lost, then ended.`,
    breakAt: "you",
  }),
  revoked: ({ session: { ended_at } }) => ({
    title: "Your access was taken back",
    sentence: `Your account or key was changed${atTime(ended_at)}. Sign in again or ask an admin.`,
    isFinal: true,
  }),
  node_lost: () => ({
    title: "The gateway stopped",
    sentence: "Start again; the target may still hold your work.",
    breakAt: "gateway",
  }),
  shutdown: () => ({
    title: "The gateway was restarted",
    sentence: "Start again; the target may still hold your work.",
    breakAt: "gateway",
  }),
  error: ({ session }) => ({
    title: "Something broke in the gateway",
    sentence: `Nothing you did. Tell an admin this number: ${session.session_id}.`,
    breakAt: "gateway",
  }),
};

const atHop = (hop: HopDetail | null, note: string, isBehind = false): BreakPlace | undefined =>
  hop ? { hop: hop.number, isBehind, note } : undefined;

/** What a hop did, and whether the way broke behind it. */
const hopFault = (why: string, hasRun: boolean): [string, boolean] => {
  if (why.includes("pass on connections")) return ["does not pass on connections", true];
  if (/refused the sign-in|wants a password|asks for more|has expired/.test(why)) return ["refused the sign-in", false];
  return [hasRun || /stopped answering|was lost/.test(why) ? "stopped answering" : "can't be reached", false];
};

const afterRunning = (ranForMs: number): string[] => [
  `The session was running for ${durationWords(ranForMs)} and has ended.`,
  "Programs you started may have stopped with it, unless they ran in tmux, screen or a service.",
];

const atTime = (time: string | null): string => (time === null ? "" : ` at ${clockTime(new Date(time), "minutes")}`);

const terminatedBy = ({ session, detail }: EndFacts): string | null => {
  const who = /^(\S+) ended this session\.$/.exec(detail ?? "")?.[1];
  return who === undefined ? detail : `${shortName(who)} ended it${atTime(session.ended_at)}.`;
};

const waitedFor = ({ created_at, ended_at }: SessionView): string | null =>
  ended_at === null ? null : `It waited for ${durationWords(Date.parse(ended_at) - Date.parse(created_at))}.`;

const goneTitle = (resumeMs: number, watched: string | null): string => {
  if (resumeMs === 0) return "The connection to this page was lost";
  const who = watched === null ? "You were" : `${shortName(watched)} was`;
  return `${who} away for more than ${durationWords(resumeMs)}`;
};

const isSignOut = ({ session, detail, watched }: EndFacts): boolean =>
  watched === null && session.session_type === "ssh" && /\bexit(?:ed)?\b\D*\b0\b/i.test(detail ?? "");

const closedSentence = (facts: EndFacts): string => {
  const after = facts.ranForMs === null ? "" : ` after ${durationWords(facts.ranForMs)}`;
  const closed = `The target closed the session${after}`;
  return facts.detail === null || isSignOut(facts)
    ? `${closed}, as it does when you sign out or type exit.`
    : `${closed}. ${facts.detail}`;
};

const unreachableTitle = ({ hostname, port }: SessionView, detail: string | null): string => {
  const host = hostname ?? "The target";
  if (detail?.startsWith("The connection to ")) return "The connection to the target was lost";
  if (detail?.startsWith("The name ")) return `${host} can't be found`;
  const isSilent = detail === null || /nothing listens|does not answer|silent/.test(detail);
  if (!isSilent || port === null) return `${host} can't be reached`;
  return `${host} does not answer on port ${port}`;
};

const sentences = (...parts: ReadonlyArray<string | null>): string => parts.filter((part) => part !== null).join(" ");
