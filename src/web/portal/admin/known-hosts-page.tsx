import { useState } from "react";
import type {
  approveKnownHostRoute,
  forgetKnownHostRoute,
  KnownHostView,
  listKnownHostsRoute,
} from "../../../resources/known-hosts/schema.ts";
import { call } from "../api.ts";
import { Blank } from "../blank.tsx";
import { ConfirmDialog } from "../confirm-dialog.tsx";
import { HintBar } from "../hint-bar.tsx";
import { RowList } from "../row-list.tsx";
import { SearchField } from "../search-field.tsx";
import { useLoaded } from "../use-loaded.ts";
import { HostCells, placeOf } from "./host-cells.tsx";
import { NoRowMatch } from "./no-row-match.tsx";
import { NotLoaded } from "./not-loaded.tsx";

/** Host keys and certificates that the gateway has met, and those that wait for an admin. */
export const KnownHostsPage = () => {
  const { data, ...waiting } = useLoaded(readHosts);
  const { reload } = waiting;
  const [search, setSearch] = useState("");
  const [approving, setApproving] = useState<KnownHostView | null>(null);
  const [forgetting, setForgetting] = useState<KnownHostView | null>(null);

  if (data === null) return <NotLoaded title="Host keys" {...waiting} />;
  const words = search.trim().toLowerCase();
  const found = data.filter((host) => textOf(host).includes(words));
  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h1>Host keys</h1>
          {data.length > 0 && (
            <span className="note wide-only">{data.length === 1 ? "1 key" : `${data.length} keys`}</span>
          )}
        </div>
        {data.length > 0 && (
          <SearchField
            isShort={data.length <= 8}
            label="Host, path or fingerprint"
            value={search}
            onChange={setSearch}
            status={words === "" ? "" : `${found.length} of ${data.length} keys`}
          />
        )}
      </div>
      {data.length === 0 && (
        <>
          <Blank
            icon="fingerprint"
            title="No host key is known yet"
            text="The first SSH session to a host brings its key here. A host that then shows another key is refused."
          />
          <HintBar />
        </>
      )}
      {data.length > 0 && found.length === 0 && (
        <NoRowMatch what="host key" search={search.trim()} onClear={() => setSearch("")} />
      )}
      {found.length > 0 && (
        <RowList
          label="Host keys"
          kind="host-list"
          rows={found}
          idOf={(host) => host.id}
          heads={["Host", "Fingerprint", "First seen", "Last seen", "(Actions)"]}
          heightPx={52}
          phoneHeightPx={132}
          onDelete={setForgetting}
          hintsOf={() => [{ keys: ["Del"], text: "Forget" }]}
          renderCells={(host, { tabIndex }) => (
            <HostCells host={host} tabIndex={tabIndex} onApprove={setApproving} onForget={setForgetting} />
          )}
        />
      )}
      {approving !== null && (
        <ConfirmDialog
          title={
            <>
              Trust this key of <bdi>{placeOf(approving)}</bdi>?
            </>
          }
          verb="Approve key"
          keep="Not yet"
          isDangerous={false}
          act={async () => {
            await approve(approving.id);
            reload();
          }}
          onClose={() => setApproving(null)}
        >
          <code className="fingerprint">{approving.fingerprint}</code> Compare it with the host itself. It takes the
          place of the key that is trusted there now.
        </ConfirmDialog>
      )}
      {forgetting !== null && (
        <ConfirmDialog
          title={
            <>
              Forget the key of <bdi>{placeOf(forgetting)}</bdi>?
            </>
          }
          verb="Forget key"
          keep="Keep it"
          act={async () => {
            await forget(forgetting.id);
            reload();
          }}
          onClose={() => setForgetting(null)}
        >
          The next session meets the host as for the first time. Forget its key only when you know that it got a new
          one.
        </ConfirmDialog>
      )}
    </>
  );
};

const textOf = (host: KnownHostView): string =>
  `${placeOf(host)} ${host.path} ${host.fingerprint} ${host.key_type} ${host.state} ${host.first_seen_by}`.toLowerCase();

const approve = (id: string) =>
  call<typeof approveKnownHostRoute>({
    method: "post",
    path: "/api/admin/known-hosts/{id}/approve",
    params: { id },
  });

const forget = (id: string) =>
  call<typeof forgetKnownHostRoute>({ method: "delete", path: "/api/admin/known-hosts/{id}", params: { id } });

const readHosts = async (signal: AbortSignal) => {
  const query = { limit: "1000" };
  return (await call<typeof listKnownHostsRoute>({ method: "get", path: "/api/admin/known-hosts", query, signal }))
    .data;
};
