import { Button } from "@mantine/core";
import { Blank } from "../blank.tsx";
import { HintBar } from "../hint-bar.tsx";
import { Icon } from "../icon.tsx";
import { looksLikeHost } from "../looks-like-host.ts";
import { useShell } from "../shell.ts";

/** A search that found nothing. What was typed may be the host to go to. */
export const NoMatch = ({ search, onClear }: { search: string; onClear: () => void }) => {
  const { newSession } = useShell();
  return (
    <>
      <Blank
        icon="search"
        title={`No session matches “${search}”`}
        text="Targets, addresses, owners and protocols were searched in this list."
        actions={
          <>
            {newSession !== null && looksLikeHost(search) && (
              <Button leftSection={<Icon name="play" size={12} />} onClick={() => newSession({ target: search })}>
                New SSH session to {search}
              </Button>
            )}
            <Button variant="default" onClick={onClear}>
              Clear search
            </Button>
          </>
        }
      />
      <HintBar hints={[{ keys: ["Esc"], text: "Clear search" }]} />
    </>
  );
};
