import type { HostKeyStore } from "../ssh/host-key.ts";

export type KeyFinding = "known" | "first_use" | "pinned";

/** Known hosts that nothing is written to. `finding` says how the last key was judged that was trusted. */
export const watchedKeys = (
  store: Pick<HostKeyStore, "find">,
): { readonly store: HostKeyStore; takeFinding(): KeyFinding } => {
  let finding: KeyFinding = "pinned";
  return {
    store: {
      find: (place) => store.find(place),
      remember: async () => {
        finding = "first_use";
      },
      touch: async () => {
        finding = "known";
      },
    },
    takeFinding: () => {
      const taken = finding;
      finding = "pinned";
      return taken;
    },
  };
};
