/** A text in which the words that were looked for are marked. */
export const MarkedText = ({ text, words }: { text: string; words: readonly string[] }) => {
  if (words.length === 0) return <>{text}</>;
  const pattern = new RegExp(`(${words.map(escaped).join("|")})`, "i");
  return (
    <>
      {text.split(pattern).map((part, index) =>
        // Every second part is what the group of the pattern caught.
        index % 2 === 1 ? <mark key={partKey(index, part)}>{part}</mark> : part,
      )}
    </>
  );
};

const partKey = (index: number, part: string): string => `${index} ${part}`;

const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
