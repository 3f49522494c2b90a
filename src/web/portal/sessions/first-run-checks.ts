import type { AboutView } from "../../../resources/about/schema.ts";

export interface Check {
  readonly state: "ok" | "warn" | "idle";
  readonly title: string;
  readonly text: string;
}

/** What is settled and what is not, in the words of the page. */
export const checksOf = (
  facts: { readonly about: AboutView; readonly hasSingleSignOn: boolean },
  address: { readonly protocol: string; readonly host: string; readonly hostname: string },
): Check[] => {
  const { guacd } = facts.about;
  const isLoopback = /^(localhost|127\.|\[::1\])/.test(address.hostname);
  return [
    hostCheck(guacd),
    facts.hasSingleSignOn
      ? { state: "ok", title: "Single sign-on is on", text: "People sign in with their own accounts." }
      : {
          state: "warn",
          title: "Single sign-on is off",
          text: "People can sign in with API keys only until an identity provider is set.",
        },
    address.protocol === "https:"
      ? { state: "ok", title: "Traffic is encrypted", text: `You reach it as https://${address.host}.` }
      : {
          state: "warn",
          title: "Traffic is not encrypted yet",
          text: `You reach it as http://${address.host}${isLoopback ? ", from this machine only" : ""}.`,
        },
  ];
};

const hostCheck = ({ managed, version, warning }: AboutView["guacd"]): Check => {
  if (warning !== null) return { state: "warn", title: "Session host has a warning", text: warning };
  if (version !== null) return { state: "ok", title: "Session host is ready", text: `guacd ${version}` };
  const text = managed
    ? "guacd, version not known."
    : "guacd by its address. The first session shows whether it answers.";
  return { state: "idle", title: "Session host is set", text };
};
