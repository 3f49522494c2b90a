import { Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";

const widths = [210, 275, 340, 225, 280, 345, 230, 295];

/** A list while it is on its way: nothing for 150 ms, then head and rows of their final size. */
export const SkeletonRows = ({ title = "Sessions" }: { title?: string }) => {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!isSlow) return null;
  return (
    <div className="skeleton" role="status" aria-busy="true" aria-label={`${title} is loading`}>
      <div className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
        </div>
        <div className="search-field is-short">
          <Skeleton className="wide-only" height={36} radius="sm" />
        </div>
      </div>
      <div className="skeleton-head" />
      {widths.map((width) => (
        <div className="skeleton-row" key={width}>
          <Skeleton width={24} height={24} radius="sm" />
          <Skeleton width={width} height={10} maw="60%" />
          <Skeleton className="wide-only" width={110} height={10} />
          <Skeleton className="wide-only" width={56} height={10} />
          <Skeleton className="wide-only" width={72} height={10} />
        </div>
      ))}
    </div>
  );
};
