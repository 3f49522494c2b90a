import type { EndReason } from "../../resources/sessions/schema.ts";
import type { Problem } from "./problem.ts";

/** Why a session ended, in the few words that fit a row of a list. */
export const endWords: Record<EndReason, string> = {
  closed: "You ended it",
  target_closed: "The target closed it",
  terminated: "An admin ended it",
  expired: "Never opened",
  idle: "No input",
  max_duration: "Time limit reached",
  client_gone: "You were away",
  target_unreachable: "The target does not answer",
  target_not_allowed: "The gateway may not reach it",
  host_key_changed: "The host key has changed",
  certificate_untrusted: "The certificate is not trusted",
  auth_failed: "The target refused the sign-in",
  hop_failed: "A hop failed",
  guacd_failed: "The session host stopped",
  browser_failed: "The isolated browser stopped",
  recording_failed: "Could not be recorded",
  revoked: "Your access was taken back",
  node_lost: "The gateway stopped",
  shutdown: "The gateway stopped",
  error: "Something broke in the gateway",
};

/** Ends that nobody wished for; they carry the colour of a failure. */
export const failedEnds: ReadonlySet<EndReason> = new Set<EndReason>([
  "target_unreachable",
  "target_not_allowed",
  "host_key_changed",
  "certificate_untrusted",
  "auth_failed",
  "hop_failed",
  "guacd_failed",
  "browser_failed",
  "recording_failed",
  "revoked",
  "node_lost",
  "error",
]);

interface Sentence {
  readonly title: string;
  readonly text: string;
}

/** One title and one sentence for a failure that a form field cannot show. */
export const problemWords = (problem: Problem): Sentence => {
  switch (problem.code) {
    case "no_answer":
    case "no_gateway":
      return {
        title: "The gateway does not answer",
        text: "Sessions that are already running are not affected: they keep their own pages.",
      };
    case "rate_limited":
      return { title: "Too many requests", text: `Wait ${problem.retryAfterS ?? 10} s.` };
    case "misdirected":
      return { title: "This is not the address the gateway was set up for", text: problem.detail };
    case "limit_reached":
      return { title: "You have reached the limit of sessions", text: `${sentence(problem.detail)} End one first.` };
    case "target_not_allowed":
      return firstAndRest(problem.detail);
    case "forbidden":
      return { title: "You may not do this", text: sentence(problem.detail) };
    case "internal":
      return { title: "Something broke in the gateway", text: "Nothing you did. Tell an admin the number below." };
    default:
      return { title: "This did not work", text: sentence(problem.detail) };
  }
};

const firstAndRest = (detail: string): Sentence => {
  const [title = "", ...rest] = sentence(detail).split(/(?<=\.) /);
  return { title: title.replace(/\.$/, ""), text: rest.join(" ") };
};

/** The gateway's `detail` as a sentence of the page: without the field it repeats, with a capital and a full stop. */
export const sentence = (detail: string, field: string | null = null): string => {
  const text = field !== null && detail.startsWith(`${field}: `) ? detail.slice(field.length + 2) : detail;
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
};
