import { Button } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";

interface OptionLineProps {
  title: string;
  /** What holds now, in one line. */
  summary: string;
  /** A fault inside opens the line. */
  hasFault: boolean;
  children: ReactNode;
}

/** Options as one line that opens in place. */
export const OptionLine = ({ title, summary, hasFault, children }: OptionLineProps) => {
  const [wantsOpen, setWantsOpen] = useState(false);
  const id = useId();
  const isOpen = wantsOpen || hasFault;
  return (
    <div className="option-line">
      <div className="option-head">
        <span className="label">{title}</span>
        <span className="option-summary cut">{summary}</span>
        <Button
          variant="transparent"
          size="xs"
          className="link-button"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label={`${isOpen ? "Done with" : "Change"} ${title.toLowerCase()}`}
          onClick={() => setWantsOpen(!isOpen)}
        >
          {isOpen ? "Done" : "Change"}
        </Button>
      </div>
      <div id={id} className="option-fields" hidden={!isOpen}>
        {isOpen && children}
      </div>
    </div>
  );
};
