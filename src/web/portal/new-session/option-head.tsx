import { Button } from "@mantine/core";

interface OptionHeadProps {
  title: string;
  /** What holds now, in one line. */
  summary: string;
  isOpen: boolean;
  /** What the button says while the part is closed. */
  verb?: string;
  /** Of the part that it opens. */
  controls: string;
  onToggle: () => void;
}

/** The one line that stands for options until it opens them in place. */
export const OptionHead = ({ title, summary, isOpen, verb = "Change", controls, onToggle }: OptionHeadProps) => (
  <div className="option-head">
    <span className="label">{title}</span>
    <span className="option-summary cut">{summary}</span>
    <Button
      variant="transparent"
      size="xs"
      className="link-button"
      aria-expanded={isOpen}
      aria-controls={controls}
      {...(verb === "Change" || isOpen
        ? { "aria-label": `${isOpen ? "Done with" : verb} ${title.toLowerCase()}` }
        : {})}
      onClick={onToggle}
    >
      {isOpen ? "Done" : verb}
    </Button>
  </div>
);
