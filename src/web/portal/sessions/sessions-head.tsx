import { SegmentedControl } from "@mantine/core";
import { isAdmin, isMine } from "../me.ts";
import type { PagePath } from "../paths.ts";
import { SearchField } from "../search-field.tsx";
import { useShell } from "../shell.ts";
import { goTo } from "../use-path.ts";

interface SessionsHeadProps {
  path: PagePath;
  rowCount: number;
  found: number;
  search: string;
  onSearch: (search: string) => void;
}

/** Title, which of the lists, and the search in it. */
export const SessionsHead = ({ path, rowCount, found, search, onSearch }: SessionsHeadProps) => {
  const { me, live } = useShell();
  const running = (live.sessions ?? []).filter((session) => session.status !== "ended");
  const mine = running.filter((session) => isMine(session, me)).length;
  const shownLive = path === "/everybody" ? running.length : mine;
  return (
    <div className="page-head">
      <div className="page-title">
        <h1>Sessions</h1>
        {shownLive > 0 && path !== "/ended" && <span className="note wide-only">{shownLive} live</span>}
        <SegmentedControl
          aria-label="Which sessions"
          value={path}
          onChange={goTo}
          data={[
            { value: "/", label: withCount("Mine", mine) },
            ...(isAdmin(me) ? [{ value: "/everybody" as const, label: withCount("Everybody", running.length) }] : []),
            { value: "/ended", label: "Ended" },
          ]}
        />
      </div>
      {(rowCount > 0 || search !== "") && (
        <SearchField
          isShort={rowCount <= 8}
          label="Find by target, owner or address"
          value={search}
          onChange={onSearch}
          status={search.trim() === "" ? "" : `${found} of ${rowCount} sessions`}
        />
      )}
    </div>
  );
};

const withCount = (label: string, count: number): string => (count === 0 ? label : `${label} ${count}`);
