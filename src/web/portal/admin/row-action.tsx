import { Button } from "@mantine/core";

interface RowActionProps {
  verb: string;
  /** The object, for screen readers. */
  name: string;
  tabIndex: 0 | -1;
  isDangerous?: boolean;
  onClick: () => void;
}

/** A verb at the end of an admin row. */
export const RowAction = ({ verb, name, tabIndex, isDangerous = false, onClick }: RowActionProps) => (
  <Button
    variant="transparent"
    size="xs"
    className={isDangerous ? "row-action is-bad" : "row-action"}
    tabIndex={tabIndex}
    aria-label={`${verb} ${name}`}
    onClick={onClick}
  >
    {verb}
  </Button>
);
