/** guacd sent bytes that are no Guacamole instructions. The connection cannot go on. */
export class GuacdProtocolError extends Error {
  override readonly name = "GuacdProtocolError";
}
