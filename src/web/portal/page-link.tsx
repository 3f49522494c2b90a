import type { ComponentProps, MouseEvent } from "react";
import type { PagePath } from "./paths.ts";
import { goTo } from "./use-path.ts";

interface PageLinkProps extends Omit<ComponentProps<"a">, "href"> {
  to: PagePath;
}

/** A link to a page of the portal. A plain click stays in this document; any other is the browser's. */
export const PageLink = ({ to, onClick, ...props }: PageLinkProps) => (
  <a
    {...props}
    href={to}
    onClick={(event: MouseEvent<HTMLAnchorElement>) => {
      onClick?.(event);
      if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      goTo(to);
    }}
  />
);
