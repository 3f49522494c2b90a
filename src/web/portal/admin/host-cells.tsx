import type { KnownHostView } from "../../../resources/known-hosts/schema.ts";
import { momentWords } from "../duration-words.ts";
import { GridCell } from "../grid-parts.tsx";
import { Pill } from "../pill.tsx";
import { RowAction } from "./row-action.tsx";

interface HostCellsProps {
  host: KnownHostView;
  tabIndex: 0 | -1;
  onApprove: (host: KnownHostView) => void;
  onForget: (host: KnownHostView) => void;
}

export const HostCells = ({ host, tabIndex, onApprove, onForget }: HostCellsProps) => {
  const nowMs = Date.now();
  return (
    <>
      <GridCell className="cell-name two-lines">
        <bdi className="cut name" title={placeOf(host)}>
          {placeOf(host)}
        </bdi>
        <span className="cut note">
          {host.state === "pending" && <Pill kind="warn">Waits for approval</Pill>}
          {host.state === "revoked" && <Pill kind="bad">Revoked</Pill>}
          {host.path === "" ? "Direct" : `Behind ${host.path}`}
        </span>
      </GridCell>
      <GridCell className="cell-from two-lines">
        <span className="cut address" title={host.fingerprint}>
          {host.fingerprint}
        </span>
        <span className="cut note">
          {keyTypeWords(host)}
          {host.origin !== "session" && `, ${origins[host.origin]}`}
        </span>
      </GridCell>
      <GridCell className="cell-used two-lines">
        <div className="cut">{momentWords(Date.parse(host.first_seen_at), nowMs)}</div>
        <bdi className="cut note" title={host.first_seen_by}>
          {host.first_seen_by}
        </bdi>
      </GridCell>
      <GridCell className="cell-expires">
        {host.last_seen_at === null ? "Never" : momentWords(Date.parse(host.last_seen_at), nowMs)}
      </GridCell>
      <GridCell className="cell-actions">
        {host.state === "pending" && (
          <RowAction verb="Approve" name={placeOf(host)} tabIndex={tabIndex} onClick={() => onApprove(host)} />
        )}
        <RowAction verb="Forget" name={placeOf(host)} tabIndex={tabIndex} isDangerous onClick={() => onForget(host)} />
      </GridCell>
    </>
  );
};

const origins = { entry: "from an entry", import: "imported", admin: "approved" } as const;

const keyTypeWords = ({ kind, key_type }: KnownHostView): string => (kind === "rdp" ? "RDP certificate" : key_type);

/** `10.20.0.2`, with the port where it is not the usual one; patterns and hashed names as they are. */
export const placeOf = ({ kind, host, port }: KnownHostView): string => {
  if (port === null || port === (kind === "rdp" ? 3389 : 22)) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
};
