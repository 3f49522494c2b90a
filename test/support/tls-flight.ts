const sized = (bytes: number, value: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

/** One message of a TLS handshake (RFC 5246 §7.4). */
export const handshakeMessage = (type: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.of(type), sized(3, body.length), body]);

/** TLS 1.3 names itself in an extension. */
export const serverHello = (extensions: Buffer = Buffer.alloc(0)): Buffer =>
  handshakeMessage(
    2,
    Buffer.concat([
      Buffer.of(3, 3),
      Buffer.alloc(32, 9),
      Buffer.of(2, 7, 7, 0xc0, 0x2f, 0),
      sized(2, extensions.length),
      extensions,
    ]),
  );

export const certificateChain = (...certificates: Buffer[]): Buffer => {
  const list = Buffer.concat(certificates.flatMap((one) => [sized(3, one.length), one]));
  return handshakeMessage(11, Buffer.concat([sized(3, list.length), list]));
};

/** The handshake's bytes in records of this size. */
export const records = (handshake: Buffer, size = 16_384): Buffer => {
  const cut: Buffer[] = [];
  for (let at = 0; at < handshake.length; at += size) {
    const part = handshake.subarray(at, at + size);
    cut.push(Buffer.of(22, 3, 3), sized(2, part.length), part);
  }
  return Buffer.concat(cut);
};
