import { Button } from "@mantine/core";
import { Blank } from "../blank.tsx";
import { HintBar } from "../hint-bar.tsx";

interface NoRowMatchProps {
  /** "key", "host key" */
  what: string;
  search: string;
  onClear: () => void;
}

export const NoRowMatch = ({ what, search, onClear }: NoRowMatchProps) => (
  <>
    <Blank
      icon="search"
      title={`No ${what} matches “${search}”`}
      text="Every column of this list was searched."
      actions={
        <Button variant="default" onClick={onClear}>
          Clear search
        </Button>
      }
    />
    <HintBar hints={[{ keys: ["Esc"], text: "Clear search" }]} />
  </>
);
