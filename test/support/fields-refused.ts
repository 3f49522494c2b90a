import { z } from "zod";
import type { SessionProtocol } from "../../src/protocols/protocol.ts";

/** Paths of the settings that a protocol does not take. */
export const fieldsRefused = (protocol: SessionProtocol, settings: unknown): string[] => {
  try {
    protocol.parseSettings(settings);
    return [];
  } catch (error) {
    if (error instanceof z.ZodError) return error.issues.map(({ path }) => path.join("."));
    throw error;
  }
};
