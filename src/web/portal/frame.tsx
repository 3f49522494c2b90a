import type { ReactNode } from "react";
import { Mark } from "./mark.tsx";
import { PageLink } from "./page-link.tsx";

interface FrameProps {
  siteTitle: string;
  navigation?: ReactNode;
  /** The right end of the top bar. */
  tools?: ReactNode;
  /** What runs between the top bar and the page: the strip of a lost connection. */
  strip?: ReactNode;
  /** Navigation of small windows, under the page. */
  phoneBar?: ReactNode;
  children: ReactNode;
}

/** Top bar and page. */
export const Frame = ({ siteTitle, navigation, tools, strip, phoneBar, children }: FrameProps) => (
  <div className="frame">
    <a className="skip-link" href="#page">
      Skip to list
    </a>
    <header className="top-bar">
      <PageLink to="/" className="top-bar-home" {...(siteTitle === "" ? { "aria-label": "Start page" } : {})}>
        <Mark />
        <bdi className="top-bar-title" title={siteTitle}>
          {siteTitle}
        </bdi>
      </PageLink>
      {navigation}
      <div className="top-bar-tools">{tools}</div>
    </header>
    {strip}
    <main className="page" id="page" tabIndex={-1}>
      {children}
    </main>
    {phoneBar}
  </div>
);
