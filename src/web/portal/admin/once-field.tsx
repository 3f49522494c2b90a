import { Button } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../icon.tsx";
import { useCopied } from "../use-copied.ts";

/** A secret that is shown this once, with Copy. */
export const OnceField = ({ text, onCopied }: { text: string; onCopied: () => void }) => {
  const { isCopied, copy } = useCopied(text);
  const [isRefused, setIsRefused] = useState(false);
  const take = async () => {
    const done = await copy();
    setIsRefused(!done);
    if (done) onCopied();
  };
  return (
    <>
      <div className="once-field">
        <code>{text}</code>
        <Button data-autofocus leftSection={<Icon name={isCopied ? "check" : "copy"} />} onClick={() => void take()}>
          {isCopied ? "Copied" : "Copy"}
        </Button>
      </div>
      <span className="sr-only" role="status">
        {isCopied ? "Copied" : ""}
      </span>
      {isRefused && (
        <p className="note once-refused" role="alert">
          The browser does not let this page copy. Select the text and copy it by hand.
        </p>
      )}
    </>
  );
};
