import type { ReactNode } from "react";
import { Mark } from "./mark.tsx";

interface FrameProps {
  siteTitle: string;
  /** The right end of the top bar. */
  tools?: ReactNode;
  navigation?: ReactNode;
  /** What runs between the top bar and the page: the strip of a lost connection. */
  strip?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}

/** Top bar, page, hint bar. */
export const Frame = ({ siteTitle, tools, navigation, strip, foot, children }: FrameProps) => (
  <div className="frame">
    <header className="top-bar">
      <a className="top-bar-home" href="/">
        <Mark />
        <bdi className="top-bar-title" title={siteTitle}>
          {siteTitle}
        </bdi>
      </a>
      {navigation}
      <div className="top-bar-tools">{tools}</div>
    </header>
    {strip}
    <main className="page">{children}</main>
    {foot}
  </div>
);
