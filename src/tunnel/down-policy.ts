/** What becomes of an instruction that guacd sends and that opens something in the browser. */
export type DownVerdict = "forward" | "drop" | "refuse";

/**
 * What a target may push to the owner's browser. The clipboard passes when copying is allowed. Files, pipes and file
 * systems are not served over the stream; `refuse` asks for an `ack` of status 771 to guacd, so that it frees its stream.
 * A question (`required`) has nobody to answer it yet.
 */
export const decideDown = (opcode: string, options: { copyAllowed: boolean }): DownVerdict => {
  switch (opcode) {
    case "clipboard":
      return options.copyAllowed ? "forward" : "drop";
    case "file":
    case "pipe":
    case "body":
      return "refuse";
    case "filesystem":
    case "required":
      return "drop";
    default:
      return "forward";
  }
};
