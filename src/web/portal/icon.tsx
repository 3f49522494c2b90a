import { type IconName, outlineOf } from "./icon-outlines.ts";

/** An icon in the colour of the text around it, hidden from assistive technology: the text beside it says it. */
export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill={name === "play" ? "currentColor" : "none"}
    stroke="currentColor"
    strokeWidth={1.75}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {outlineOf(name).map((d) => (
      <path key={d} d={d} />
    ))}
  </svg>
);
