import type { AdminKeyView } from "../../../resources/admin-keys/schema.ts";
import { momentWords } from "../duration-words.ts";
import { GridCell } from "../grid-parts.tsx";
import { Pill } from "../pill.tsx";
import { useShell } from "../shell.ts";
import { expiryOf } from "./expiry-words.ts";
import { isOwnKey, type KeyChange } from "./key-change-dialog.tsx";
import { RowAction } from "./row-action.tsx";

interface KeyCellsProps {
  apiKey: AdminKeyView;
  tabIndex: 0 | -1;
  onChange: (key: AdminKeyView, change: KeyChange) => void;
}

export const KeyCells = ({ apiKey, tabIndex, onChange }: KeyCellsProps) => {
  const { me } = useShell();
  const nowMs = Date.now();
  const expiry = expiryOf(apiKey.expires_at, nowMs);
  const from = apiKey.allowed_ips.join(", ");
  const action = (verb: string, change: KeyChange) => (
    <RowAction
      verb={verb}
      name={apiKey.name}
      tabIndex={tabIndex}
      isDangerous={change === "delete"}
      onClick={() => onChange(apiKey, change)}
    />
  );
  return (
    <>
      <GridCell className="cell-name">
        <bdi className={apiKey.disabled ? "cut faint" : "cut name"} title={apiKey.name}>
          {apiKey.name}
        </bdi>
        {isOwnKey(apiKey, me) && <Pill kind="plain">You</Pill>}
        {apiKey.disabled && <Pill kind="bad">Disabled</Pill>}
      </GridCell>
      <GridCell className="cell-from">
        {from === "" ? (
          "Anywhere"
        ) : (
          <span className="cut address" title={from}>
            {from}
          </span>
        )}
      </GridCell>
      <GridCell className="cell-used">
        {apiKey.last_used_at === null ? (
          <span className="faint">Never</span>
        ) : (
          momentWords(Date.parse(apiKey.last_used_at), nowMs)
        )}
      </GridCell>
      <GridCell className="cell-expires">
        {expiry.kind === "plain" ? expiry.text : <Pill kind={expiry.kind}>{expiry.text}</Pill>}
      </GridCell>
      <GridCell className="cell-actions">
        {action("Rotate", "rotate")}
        {apiKey.disabled ? action("Enable", "enable") : action("Disable", "disable")}
        {action("Delete", "delete")}
      </GridCell>
    </>
  );
};
