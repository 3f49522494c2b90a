import { outlines } from "../icon-shapes.ts";

/** Outlines that only the portal draws, on the same grid and from the same source as the shared ones. */
const own = {
  plus: ["M12 5v14", "M5 12h14"],
  play: ["M7 4v16l13-8z"],
  run: ["M7 4v16l13-8z"],
  prompt: ["M8 9l3 3l-3 3", "M13 15h3", "M3 6a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"],
  desktop: outlines.display,
  screenShare: [
    "M21 12v3a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9",
    "M7 20h10",
    "M9 16v4",
    "M15 16v4",
    "M17 4h4v4",
    "M16 9l5-5",
  ],
  search: ["M3 10a7 7 0 1 0 14 0a7 7 0 1 0-14 0", "M21 21l-6-6"],
  users: [
    "M5 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    "M3 21v-2a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v2",
    "M16 3.13a4 4 0 0 1 0 7.75",
    "M21 21v-2a4 4 0 0 0-3-3.85",
  ],
  settings: [
    "M10.3 4.3c.4-1.7 3-1.7 3.4 0a1.7 1.7 0 0 0 2.5 1.1c1.6-1 3.4.8 2.4 2.3a1.7 1.7 0 0 0 1.1 2.6c1.7.4 1.7 3 0 3.4a1.7 1.7 0 0 0-1.1 2.5c1 1.6-.8 3.4-2.3 2.4a1.7 1.7 0 0 0-2.6 1.1c-.4 1.7-3 1.7-3.4 0a1.7 1.7 0 0 0-2.5-1.1c-1.6 1-3.4-.8-2.4-2.3a1.7 1.7 0 0 0-1.1-2.6c-1.7-.4-1.7-3 0-3.4a1.7 1.7 0 0 0 1.1-2.5c-1-1.6.8-3.4 2.3-2.4a1.7 1.7 0 0 0 2.6-1.1z",
    "M9 12a3 3 0 1 0 6 0a3 3 0 0 0-6 0",
  ],
  sun: [
    "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    "M3 12h1m8-9v1m8 8h1m-9 8v1M5.6 5.6l.7.7m12.1-.7l-.7.7m0 11.4l.7.7m-12.1-.7l-.7.7",
  ],
  moon: ["M12 3h.4a7.5 7.5 0 0 0 7.9 12.4A9 9 0 1 1 12 3z"],
  info: ["M3 12a9 9 0 1 0 18 0a9 9 0 0 0-18 0", "M12 9h.01", "M11 12h1v4h1"],
  key: [
    "M16.6 3.8l3.6 3.6a2.9 2.9 0 0 1 0 4.1l-2.7 2.7a2.9 2.9 0 0 1-4 0l-.4-.4l-6.5 6.6a2 2 0 0 1-1.3.6H4a1 1 0 0 1-1-1v-1.3a2 2 0 0 1 .5-1.3l.5-.5h2v-2h2v-2l2.1-2.1l-.3-.3a2.9 2.9 0 0 1 0-4.1l2.7-2.6a2.9 2.9 0 0 1 4.1 0z",
    "M15 9h.01",
  ],
  fingerprint: [
    "M18.9 7a8 8 0 0 1 1.1 5v1a6 6 0 0 0 .8 3",
    "M8 11a4 4 0 0 1 8 0v1a10 10 0 0 0 2 6",
    "M12 11v2a14 14 0 0 0 2.5 8",
    "M8 15a18 18 0 0 0 1.8 6",
    "M4.9 19a22 22 0 0 1-.9-7v-1a8 8 0 0 1 12-6.95",
  ],
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

export const outlineOf = (name: IconName): readonly string[] => (isOwn(name) ? own[name] : outlines[name]);
