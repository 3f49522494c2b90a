import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

/** A failure told inside a form, read aloud at once. */
export const Notice = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="notice" role="alert">
    <Icon name="alert" size={18} />
    <div>
      <strong>{title}</strong> <div>{children}</div>
    </div>
  </div>
);
