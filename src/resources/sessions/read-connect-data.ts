import { z } from "zod";
import type { ConnectData } from "../../sessions/display.ts";

/**
 * Reads the connect data of a Guacamole client from a raw query string. Everything behind a second `?` is such data, too
 * (guacamole-common-js appends it). Nothing here is refused: a bad value falls back to its default.
 */
export const readConnectData = (rawQuery: string): ConnectData => {
  const query = new URLSearchParams(rawQuery.replaceAll("?", "&"));
  const first = (...names: string[]) => names.map((name) => query.get(name)).find((value) => value !== null);
  return {
    width: size.catch(1024).parse(first("GUAC_WIDTH", "width")),
    height: size.catch(768).parse(first("GUAC_HEIGHT", "height")),
    dpi: dpi.catch(96).parse(first("GUAC_DPI", "dpi")),
    imageTypes: [...query.getAll("GUAC_IMAGE"), ...query.getAll("image")].filter((type) => knownImages.includes(type)),
    audioTypes: [...query.getAll("GUAC_AUDIO"), ...query.getAll("audio")].filter((type) => knownAudio.test(type)),
    timezone: timezone.catch(null).parse(first("GUAC_TIMEZONE", "timezone") ?? null),
  };
};

const whole = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number);
/** guacd's own display limit is 8192 on each side (1.3.0 to 1.6.0). */
const size = whole.pipe(z.int().min(1).max(8192));
const dpi = whole.pipe(z.int().min(1).max(1200));
const timezone = z
  .string()
  .regex(/^[A-Za-z0-9_+/-]{1,64}$/)
  .nullable();
const knownImages = ["image/png", "image/jpeg", "image/webp"];
/** What guacd encodes sound as (guacamole-server, raw_encoder.h). */
const knownAudio = /^audio\/L(8|16)$/;
