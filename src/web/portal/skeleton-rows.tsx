import { Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";

const widths = [210, 275, 340, 225, 280, 345, 230, 295];

/** The list while it is on its way: nothing for 150 ms, then rows of the final size. */
export const SkeletonRows = () => {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!isSlow) return null;
  return (
    <div className="skeleton" role="status" aria-busy="true">
      <div className="page-head">
        <h1>Sessions</h1>
      </div>
      <div className="list-head" />
      {widths.map((width) => (
        <div className="row" key={width}>
          <Skeleton width={24} height={24} radius="sm" />
          <Skeleton width={width} height={10} maw="100%" />
          <Skeleton width={110} height={10} />
          <Skeleton className="wide-only" width={56} height={10} />
          <Skeleton className="wide-only" width={72} height={10} />
        </div>
      ))}
    </div>
  );
};
