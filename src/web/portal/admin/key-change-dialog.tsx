import type { AdminKeyView, FreshAdminKeyView } from "../../../resources/admin-keys/schema.ts";
import type { MeView } from "../../../resources/auth/schema.ts";
import { ConfirmDialog } from "../confirm-dialog.tsx";
import { useShell } from "../shell.ts";
import { changeKey } from "./change-key.ts";

export type KeyChange = Parameters<typeof changeKey>[1];

interface KeyChangeDialogProps {
  apiKey: AdminKeyView;
  change: KeyChange;
  onClose: () => void;
  onChanged: () => void;
  /** A rotated key, whose text is to be shown once. */
  onFresh: (fresh: FreshAdminKeyView) => void;
}

const words: Record<KeyChange, { verb: string; text: string }> = {
  enable: { verb: "Enable", text: "It works again at once." },
  disable: {
    verb: "Disable",
    text: "It stops working at once, and the sessions made with it end. It can be enabled again.",
  },
  rotate: { verb: "Rotate", text: "The old key stops working at once, and the new one is shown once. Sessions go on." },
  delete: {
    verb: "Delete",
    text: "It stops working at once, and the sessions made with it end. It cannot be brought back.",
  },
};

export const KeyChangeDialog = ({ apiKey, change, onClose, onChanged, onFresh }: KeyChangeDialogProps) => {
  const { me } = useShell();
  const { verb, text } = words[change];
  return (
    <ConfirmDialog
      title={
        <>
          {verb} <bdi>{apiKey.name}</bdi>?
        </>
      }
      verb={`${verb} key`}
      keep="Keep it"
      isDangerous={change !== "rotate"}
      act={async () => {
        const fresh = await changeKey(apiKey.id, change);
        onChanged();
        if (fresh !== null) onFresh(fresh);
      }}
      onClose={onClose}
    >
      {text}
      {isOwnKey(apiKey, me) && " You are signed in with this key, so you are signed out."}
    </ConfirmDialog>
  );
};

export const isOwnKey = (apiKey: AdminKeyView, me: MeView): boolean =>
  me.auth_type === "api_key" && me.name === apiKey.name;
