import { type ReactNode, useId, useState } from "react";
import { OptionHead } from "./option-head.tsx";

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
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  // It stays open while the fault is being mended.
  if (hasFault && !isOpen) setIsOpen(true);
  return (
    <div className="option-line">
      <OptionHead title={title} summary={summary} isOpen={isOpen} controls={id} onToggle={() => setIsOpen(!isOpen)} />
      <div id={id} className="option-fields" hidden={!isOpen}>
        {isOpen && children}
      </div>
    </div>
  );
};
