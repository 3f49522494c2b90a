import type { AttachmentMode } from "./up-filter.ts";

/** What becomes of an instruction that guacd sends and that opens something in the browser. */
export type DownVerdict = "forward" | "drop" | "refuse";

/**
 * What a target may push to a browser. The clipboard passes to the owner when copying is allowed; guacd itself sends it to
 * everybody. Files, pipes and file systems are not served over the stream; `refuse` asks for an `ack` of status 771 to guacd,
 * so that it frees its stream. Questions are asked by the session, and who comes and goes is told by it too.
 */
export const decideDown = (
  opcode: string,
  { mode, copyAllowed }: { mode: AttachmentMode; copyAllowed: boolean },
): DownVerdict => {
  switch (opcode) {
    case "clipboard":
      return copyAllowed && mode === "owner" ? "forward" : "drop";
    case "file":
    case "pipe":
    case "body":
      return "refuse";
    case "filesystem":
    case "required":
    case "msg":
      return "drop";
    default:
      return "forward";
  }
};
