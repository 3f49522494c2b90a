import { ErrorBlock } from "../error-block.tsx";
import { SkeletonRows } from "../skeleton-rows.tsx";
import type { Loaded } from "../use-loaded.ts";

interface NotLoadedProps extends Omit<Loaded<unknown>, "data"> {
  title: string;
}

/** What stands in a page's place before its first answer: its outline, or why there is no answer. */
export const NotLoaded = ({ title, problem, retryAtMs, reload }: NotLoadedProps) =>
  problem === null ? (
    <SkeletonRows title={title} />
  ) : (
    <ErrorBlock problem={problem} retryAtMs={retryAtMs} onRetry={reload} />
  );
