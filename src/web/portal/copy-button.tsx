import { Button, VisuallyHidden } from "@mantine/core";
import { useCopied } from "./use-copied.ts";

/** Copies text and says "Copied" for 2 s, aloud too. */
export const CopyButton = ({ label, text }: { label: string; text: string }) => {
  const { isCopied, copy } = useCopied(text);
  return (
    <>
      <Button variant="transparent" size="xs" className="link-button" onClick={() => void copy()}>
        {isCopied ? "Copied" : label}
      </Button>
      <VisuallyHidden role="status">{isCopied ? "Copied" : ""}</VisuallyHidden>
    </>
  );
};
