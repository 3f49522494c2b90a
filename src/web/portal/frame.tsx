import type { ReactNode } from "react";
import { Mark } from "./mark.tsx";

interface FrameProps {
  siteTitle: string;
  /** The right end of the top bar. */
  tools?: ReactNode;
  navigation?: ReactNode;
  /** What runs between the top bar and the page: the strip of a lost connection. */
  strip?: ReactNode;
  children: ReactNode;
}

/** Top bar and page. */
export const Frame = ({ siteTitle, tools, navigation, strip, children }: FrameProps) => (
  <div className="frame">
    <a className="skip-link" href="#page">
      Skip to list
    </a>
    <header className="top-bar">
      <a className="top-bar-home" href="/" {...(siteTitle === "" ? { "aria-label": "Start page" } : {})}>
        <Mark />
        <bdi className="top-bar-title" title={siteTitle}>
          {siteTitle}
        </bdi>
      </a>
      {navigation}
      <div className="top-bar-tools">{tools}</div>
    </header>
    {strip}
    <main className="page" id="page" tabIndex={-1}>
      {children}
    </main>
  </div>
);
