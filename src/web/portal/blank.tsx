import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-outlines.ts";

interface BlankProps {
  icon: IconName;
  title: string;
  text: string;
  isError?: boolean;
  /** Nothing else on the page has a title. */
  isWholePage?: boolean;
  /** Buttons, one or two. */
  actions?: ReactNode;
  children?: ReactNode;
}

/** A page with nothing to list: icon, one title, one sentence, what to do. */
export const Blank = ({ icon, title, text, isError = false, isWholePage = false, actions, children }: BlankProps) => (
  <div className="blank" {...(isError ? { role: "alert" } : {})}>
    <div className={isError ? "blank-icon is-error" : "blank-icon"}>
      <Icon name={icon} size={28} />
    </div>
    {isWholePage ? <h1 className="blank-title">{title}</h1> : <h2 className="blank-title">{title}</h2>}
    <p className="blank-text">{text}</p>
    {children}
    {actions !== undefined && <div className="blank-actions">{actions}</div>}
  </div>
);
