import type { Session } from "./session.ts";

/** What a browser tells about itself when it attaches. */
export interface ConnectData {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  /** MIME types. */
  readonly imageTypes: readonly string[];
  readonly timezone: string | null;
}

/** The remote display: what was given at creation wins over what the browser measures. */
export const displayOf = (session: Session, data: ConnectData) => ({
  width: session.width ?? data.width,
  height: session.height ?? data.height,
  dpi: session.dpi ?? data.dpi,
});
