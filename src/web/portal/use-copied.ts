import { useEffect, useState } from "react";
import { copyText } from "./copy-text.ts";

/** Copying, and for 2 s that it was done. */
export const useCopied = (text: string) => {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<boolean> => {
    const done = await copyText(text);
    setIsCopied(done);
    return done;
  };
  return { isCopied, copy };
};
