import type { KeyTrust, KnownKeyStore } from "../core/known-key.ts";

export type KeyFinding = "known" | "first_use" | "pinned";

/** The keys that a doctor may look at. */
export interface LookedAtTrust extends Pick<KeyTrust, "policy"> {
  readonly store: Pick<KnownKeyStore, "find">;
}

/** Known keys that nothing is written to. `takeFinding` says how the last key was judged that was trusted. */
export const watchedKeys = ({
  store,
  policy,
}: LookedAtTrust): { readonly trust: KeyTrust; takeFinding(): KeyFinding } => {
  let finding: KeyFinding = "pinned";
  return {
    trust: {
      policy,
      store: {
        find: (place) => store.find(place),
        trustFirst: async () => {
          finding = "first_use";
          return true;
        },
        propose: async () => undefined,
        touch: async () => {
          finding = "known";
        },
      },
    },
    takeFinding: () => {
      const taken = finding;
      finding = "pinned";
      return taken;
    },
  };
};
