import type { KnownHostView } from "../../../resources/known-hosts/schema.ts";
import { momentWords } from "../duration-words.ts";
import { GridCell } from "../grid-parts.tsx";
import { RowAction } from "./row-action.tsx";

interface HostCellsProps {
  host: KnownHostView;
  tabIndex: 0 | -1;
  onForget: (host: KnownHostView) => void;
}

export const HostCells = ({ host, tabIndex, onForget }: HostCellsProps) => {
  const nowMs = Date.now();
  return (
    <>
      <GridCell className="cell-name two-lines">
        <bdi className="cut name" title={placeOf(host)}>
          {placeOf(host)}
        </bdi>
        <span className="cut note">{host.path === "" ? "Direct" : `Behind ${host.path}`}</span>
      </GridCell>
      <GridCell className="cell-from two-lines">
        <span className="cut address" title={host.fingerprint}>
          {host.fingerprint}
        </span>
        <span className="cut note">{host.key_type}</span>
      </GridCell>
      <GridCell className="cell-used two-lines">
        <div className="cut">{momentWords(Date.parse(host.first_seen_at), nowMs)}</div>
        <bdi className="cut note" title={host.first_seen_by}>
          {host.first_seen_by}
        </bdi>
      </GridCell>
      <GridCell className="cell-expires">{momentWords(Date.parse(host.last_seen_at), nowMs)}</GridCell>
      <GridCell className="cell-actions">
        <RowAction verb="Forget" name={placeOf(host)} tabIndex={tabIndex} isDangerous onClick={() => onForget(host)} />
      </GridCell>
    </>
  );
};

/** `10.20.0.2`, with the port where it is not the usual one. */
export const placeOf = ({ host, port }: KnownHostView): string => {
  const name = host.includes(":") && port !== 22 ? `[${host}]` : host;
  return port === 22 ? name : `${name}:${port}`;
};
