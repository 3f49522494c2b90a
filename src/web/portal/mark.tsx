import { mark } from "../icon-shapes.ts";

export const Mark = ({ size = 22 }: { size?: number }) => (
  <svg className="mark" width={size} height={size} viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
    <path d={mark.wall} />
    <path d={mark.door} opacity={0.55} />
  </svg>
);
