import type { Session } from "./session.ts";

/** What a browser tells about itself when it attaches. */
export interface ConnectData {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  /** MIME types that it draws. */
  readonly imageTypes: readonly string[];
  /** MIME types that it plays. */
  readonly audioTypes: readonly string[];
  readonly timezone: string | null;
}

/** The remote display: what was given at creation wins over what the browser measures. */
export const displayOf = (session: Session, data: Pick<ConnectData, "width" | "height" | "dpi">) => ({
  width: session.width ?? data.width,
  height: session.height ?? data.height,
  dpi: session.dpi ?? data.dpi,
});
