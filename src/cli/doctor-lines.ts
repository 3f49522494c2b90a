import { stripVTControlCharacters } from "node:util";
import type { Step } from "../doctor/step.ts";
import { stateMark } from "./checks/state-mark.ts";

/** A step for people: what was tried, what was found, and what to do about it. */
export const stepLines = ({ ok, step, subject, ms, message, cause, fix }: Step): string => {
  const state = ok ? (cause === null ? "ok" : "warn") : "fail";
  const head = `${stateMark(state)}  ${titles[step]}, ${plain(subject)} (${ms} ms): ${plain(message)}`;
  const advice = fix.map((line, index) => `        ${index + 1}. ${line}`);
  return [head, ...(cause === null ? [] : [`      ${cause}`, ...advice])].join("\n");
};

const titles: Readonly<Record<Step["step"], string>> = {
  name: "Name",
  policy: "Allowed",
  connect: "Connection",
  key_exchange: "Key exchange",
  host_key: "Host key",
  sign_in: "Sign-in",
  forward: "Way on",
  greeting: "Greeting",
  limits: "Limits",
  guacd: "guacd",
};

/** Targets have written some of it. */
const plain = (text: string): string => stripVTControlCharacters(text).replace(/\p{Cc}/gu, "\ufffd");
