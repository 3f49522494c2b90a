import { useEffect, useRef } from "react";
import type { IconName } from "../icons.ts";
import { drawPath } from "../path.ts";
import type { Station } from "../station.ts";

interface DrawnPathProps {
  className: string;
  stations: readonly Station[];
  targetIcon: IconName;
}

/** The drawing that the session page shows too. */
export const DrawnPath = ({ className, stations, targetIcon }: DrawnPathProps) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.replaceChildren(drawPath(stations, targetIcon));
  }, [stations, targetIcon]);
  return <div className={className} ref={place} />;
};
