import { outlines } from "../icons.ts";

/** Outlines that only the portal draws, on the same grid and from the same source as the shared ones. */
const own = {
  plus: ["M12 5v14", "M5 12h14"],
  play: ["M7 4v16l13-8z"],
  stop: ["M7 5h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z"],
  again: ["M9 14l-4-4l4-4", "M5 10h11a4 4 0 1 1 0 8h-1"],
  signOut: ["M14 8V6a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7a2 2 0 0 0 2-2v-2", "M9 12h12l-3-3", "M18 15l3-3"],
  eye: ["M10 12a2 2 0 1 0 4 0a2 2 0 0 0-4 0", "M21 12c-2.4 4-5.4 6-9 6s-6.6-2-9-6c2.4-4 5.4-6 9-6s6.6 2 9 6"],
  eyeOff: [
    "M10.6 10.6a2 2 0 0 0 2.8 2.8",
    "M16.7 16.7A8.7 8.7 0 0 1 12 18c-3.6 0-6.6-2-9-6c1.3-2.1 2.7-3.7 4.3-4.7m2.9-1.1A9 9 0 0 1 12 6c3.6 0 6.6 2 9 6c-.7 1.1-1.4 2.1-2.1 2.9",
    "M3 3l18 18",
  ],
} as const satisfies Record<string, readonly string[]>;

export type IconName = keyof typeof own | keyof typeof outlines;

const isOwn = (name: IconName): name is keyof typeof own => name in own;

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
    {(isOwn(name) ? own[name] : outlines[name]).map((d) => (
      <path key={d} d={d} />
    ))}
  </svg>
);
