import { Button } from "@mantine/core";
import { useState } from "react";
import type { AdminKeyView, FreshAdminKeyView, listAdminKeysRoute } from "../../../resources/admin-keys/schema.ts";
import { call } from "../api.ts";
import { Icon } from "../icon.tsx";
import { Notice } from "../notice.tsx";
import type { Problem } from "../problem.ts";
import { RowList } from "../row-list.tsx";
import { SearchField } from "../search-field.tsx";
import { useLoaded } from "../use-loaded.ts";
import { problemWords } from "../words.ts";
import { changeKey } from "./change-key.ts";
import { KeyCells } from "./key-cells.tsx";
import { type KeyChange, KeyChangeDialog } from "./key-change-dialog.tsx";
import { KeyOnceDialog } from "./key-once-dialog.tsx";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { NoRowMatch } from "./no-row-match.tsx";
import { NotLoaded } from "./not-loaded.tsx";

type Layer =
  | { kind: "new" }
  | { kind: "once"; fresh: FreshAdminKeyView }
  | { kind: "change"; key: AdminKeyView; change: KeyChange };

/** API keys: who may do everything from where, and until when. */
export const KeysPage = () => {
  const { data, ...waiting } = useLoaded(readKeys);
  const { reload } = waiting;
  const [search, setSearch] = useState("");
  const [layer, setLayer] = useState<Layer | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);

  if (data === null) return <NotLoaded title="API keys" {...waiting} />;

  const ask = (key: AdminKeyView, change: KeyChange) => {
    setFailed(null);
    if (change !== "enable") return setLayer({ kind: "change", key, change });
    changeKey(key.id, change).then(reload, setFailed);
  };
  const words = search.trim().toLowerCase();
  const found = data.filter((key) => `${key.name} ${key.allowed_ips.join(" ")}`.toLowerCase().includes(words));
  const disabled = data.filter((key) => key.disabled).length;
  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h1>API keys</h1>
          <span className="note wide-only">
            {data.length === 1 ? "1 key" : `${data.length} keys`}
            {disabled > 0 && `, ${disabled} disabled`}
          </span>
          <Button leftSection={<Icon name="plus" />} onClick={() => setLayer({ kind: "new" })}>
            New key
          </Button>
        </div>
        <SearchField
          isShort={data.length <= 8}
          label="Name or address"
          value={search}
          onChange={setSearch}
          status={words === "" ? "" : `${found.length} of ${data.length} keys`}
        />
        {failed !== null && <Notice title={`${problemWords(failed).title}.`}>{problemWords(failed).text}</Notice>}
      </div>
      {found.length === 0 ? (
        <NoRowMatch what="key" search={search.trim()} onClear={() => setSearch("")} />
      ) : (
        <RowList
          label="API keys"
          kind="key-list"
          rows={found}
          idOf={(key) => key.id}
          heads={["Name", "From", "Last used", "Expires", "(Actions)"]}
          heightPx={45}
          phoneHeightPx={132}
          onDelete={(key) => ask(key, "delete")}
          hintsOf={() => [{ keys: ["Del"], text: "Delete" }]}
          renderCells={(key, { tabIndex }) => <KeyCells apiKey={key} tabIndex={tabIndex} onChange={ask} />}
        />
      )}
      {layer?.kind === "new" && (
        <NewKeyDialog
          onClose={() => setLayer(null)}
          onMade={(fresh) => {
            setLayer({ kind: "once", fresh });
            reload();
          }}
        />
      )}
      {layer?.kind === "once" && <KeyOnceDialog fresh={layer.fresh} onClose={() => setLayer(null)} />}
      {layer?.kind === "change" && (
        <KeyChangeDialog
          apiKey={layer.key}
          change={layer.change}
          onClose={() => setLayer((now) => (now?.kind === "once" ? now : null))}
          onChanged={reload}
          onFresh={(fresh) => setLayer({ kind: "once", fresh })}
        />
      )}
    </>
  );
};

const readKeys = async (signal: AbortSignal) =>
  (await call<typeof listAdminKeysRoute>({ method: "get", path: "/api/admin/keys", query: { limit: "1000" }, signal }))
    .data;
