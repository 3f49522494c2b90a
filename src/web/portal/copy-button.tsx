import { Button, VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";

/** Copies text and says "Copied" for 2 s, aloud too. */
export const CopyButton = ({ label, text }: { label: string; text: string }) => {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  return (
    <>
      <Button variant="transparent" size="xs" className="link-button" onClick={() => void copy()}>
        {isCopied ? "Copied" : label}
      </Button>
      <VisuallyHidden role="status">{isCopied ? "Copied" : ""}</VisuallyHidden>
    </>
  );
};
