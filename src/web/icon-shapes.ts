/**
 * The outlines in use, as path data on a 24-unit grid, drawn with a stroke of 1.75 and round ends. Most of them are from
 * Tabler Icons (MIT License, Copyright (c) 2020-2024 Paweł Kuna); solid shapes stand in `solids`.
 */
export const outlines = {
  terminal: ["M5 7l5 5l-5 5", "M12 19h7"],
  display: ["M3 5a1 1 0 0 1 1-1h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z", "M7 20h10", "M9 16v4", "M15 16v4"],
  globe: [
    "M3 12a9 9 0 1 0 18 0a9 9 0 0 0-18 0",
    "M3.6 9h16.8",
    "M3.6 15h16.8",
    "M11.5 3a17 17 0 0 0 0 18",
    "M12.5 3a17 17 0 0 1 0 18",
  ],
  clipboard: [
    "M9 5H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2h-2",
    "M9 5a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v0a2 2 0 0 1-2 2h-2a2 2 0 0 1-2-2z",
  ],
  copy: [
    "M8 10a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2z",
    "M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2",
  ],
  check: ["M5 12l5 5L20 7"],
  minus: ["M6 12h12"],
  close: ["M18 6L6 18", "M6 6l12 12"],
  maximize: [
    "M4 8V6a2 2 0 0 1 2-2h2",
    "M4 16v2a2 2 0 0 0 2 2h2",
    "M16 4h2a2 2 0 0 1 2 2v2",
    "M16 20h2a2 2 0 0 0 2-2v-2",
  ],
  minimize: [
    "M15 19v-2a2 2 0 0 1 2-2h2",
    "M15 5v2a2 2 0 0 0 2 2h2",
    "M5 15h2a2 2 0 0 1 2 2v2",
    "M5 9h2a2 2 0 0 0 2-2V5",
  ],
  arrowDown: ["M12 5v14", "M18 13l-6 6l-6-6"],
  arrowUp: ["M12 5v14", "M18 11l-6-6l-6 6"],
  arrowLeft: ["M5 12h14", "M11 6l-6 6l6 6"],
  arrowRight: ["M5 12h14", "M13 6l6 6l-6 6"],
  alert: [
    "M12 9v4",
    "M10.4 3.6L2.3 17.1a1.9 1.9 0 0 0 1.6 2.9h16.2a1.9 1.9 0 0 0 1.6-2.9L13.6 3.6a1.9 1.9 0 0 0-3.2 0z",
    "M12 16.5h.01",
  ],
  refresh: ["M19.9 13a8 8 0 1 1-9.9-8.75c3.9-1 7.9 1 9.4 4.75", "M20 4v5h-5"],
  eye: ["M10 12a2 2 0 1 0 4 0a2 2 0 0 0-4 0", "M21 12c-2.4 4-5.4 6-9 6s-6.6-2-9-6c2.4-4 5.4-6 9-6s6.6 2 9 6"],
  keyboard: [
    "M2 8a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2z",
    "M6 10h.01",
    "M10 10h.01",
    "M14 10h.01",
    "M18 10h.01",
    "M6 14h.01",
    "M18 14h.01",
    "M10 14h4",
  ],
  arc: ["M12 4a8 8 0 1 1-8 8"],
} as const satisfies Record<string, readonly string[]>;

export const solids = {
  dots: [
    "M12 3.6a1.6 1.6 0 1 1 0 3.2a1.6 1.6 0 0 1 0-3.2z",
    "M12 10.4a1.6 1.6 0 1 1 0 3.2a1.6 1.6 0 0 1 0-3.2z",
    "M12 17.2a1.6 1.6 0 1 1 0 3.2a1.6 1.6 0 0 1 0-3.2z",
  ],
  person: [
    "M12 4a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 0 1 0-8.4z",
    "M4.5 19.6c0-3.4 3.1-5.6 7.5-5.6s7.5 2.2 7.5 5.6a.9.9 0 0 1-.9.9H5.4a.9.9 0 0 1-.9-.9z",
  ],
} as const satisfies Record<string, readonly string[]>;

/** The mark, a castle gate, on a 32-unit grid: the wall, and its door at half strength. */
export const mark = {
  wall: "M2 2h7v5h4V2h6v5h4V2h7v28h-8V20a6 6 0 0 0-12 0v10H2z",
  door: "M13 30V20a3 3 0 0 1 6 0v10z",
} as const;
