import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import type { FreshAdminKeyView } from "../../../resources/admin-keys/schema.ts";
import "../checkbox-styles.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import { OnceField } from "./once-field.tsx";

/** The only time that a key is seen: Close stays off until it was copied, or a person says so. */
export const KeyOnceDialog = ({ fresh, onClose }: { fresh: FreshAdminKeyView; onClose: () => void }) => {
  const [hasCopied, setHasCopied] = useState(false);
  const expires = fresh.expires_at === null ? "Never" : new Date(fresh.expires_at).toLocaleString("en-GB", longTime);
  return (
    <Dialog
      title={
        <span className="once-title">
          <span className="once-check">
            <Icon name="check" />
          </span>
          <span>
            Key “<bdi>{fresh.name}</bdi>” is ready
          </span>
        </span>
      }
      size={562}
      isLocked
      onClose={onClose}
    >
      <p className="dialog-text once-text">Copy it now. It is shown this once and cannot be read again.</p>
      <OnceField text={fresh.key} onCopied={() => setHasCopied(true)} />
      <dl className="once-facts">
        <dt>Can do</dt>
        <dd>Everything an admin can</dd>
        <dt>Works from</dt>
        <dd>{fresh.allowed_ips.length === 0 ? "Anywhere" : fresh.allowed_ips.join(", ")}</dd>
        <dt>Expires</dt>
        <dd>{expires}</dd>
        <dt>Use it as</dt>
        <dd>
          <code>Authorization: Bearer {fresh.key.slice(0, 3)}…</code>
        </dd>
      </dl>
      <div className="once-foot">
        <Checkbox
          label="I have copied it"
          checked={hasCopied}
          onChange={(event) => setHasCopied(event.currentTarget.checked)}
        />
        <Button variant="default" disabled={!hasCopied} onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
};

const longTime = {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
} as const;
