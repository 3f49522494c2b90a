/** What a TLS server's first words tell to whoever reads along. */
export type TlsFlight =
  | { readonly kind: "shown"; readonly certificate: Buffer }
  /** TLS 1.3, which encrypts the certificate. */
  | { readonly kind: "hidden" }
  /** The handshake ended with an alert. */
  | { readonly kind: "ended" }
  /** No certificate where one has to be, or nothing that is TLS. */
  | { readonly kind: "opaque" };

const alert = 21;
const handshake = 22;
const serverHello = 2;
const certificateMessage = 11;
const supportedVersions = 43;
/** TLS 1.2 allows 2 KiB of overhead for each 16 KiB, though a handshake in the clear has none. */
const maxRecordBytes = 18_432;
/** Far above real certificates, which are a few KiB. */
const maxMessageBytes = 65_536;

const opaque: TlsFlight = { kind: "opaque" };

/** The server's side of a TLS handshake up to its certificate (RFC 5246): yields the number of bytes that come next. */
export function* readTlsServerFlight(): Generator<number, TlsFlight, Buffer> {
  const messages = new HandshakeBytes();
  const hello = yield* messages.message(serverHello, maxRecordBytes);
  if (!Buffer.isBuffer(hello)) return hello;
  if (namesVersion(hello)) return { kind: "hidden" };
  const list = yield* messages.message(certificateMessage, maxMessageBytes);
  if (!Buffer.isBuffer(list)) return list;
  const length = list.length < 6 ? 0 : list.readUIntBE(3, 3);
  if (length === 0 || length > list.length - 6) return opaque;
  return { kind: "shown", certificate: list.subarray(6, 6 + length) };
}

/** The handshake's bytes without the records around them, which may cut its messages anywhere. */
class HandshakeBytes {
  #held: Buffer[] = [];
  #heldBytes = 0;

  /** The body of the next message, which has to be of this type. */
  *message(type: number, maxBytes: number): Generator<number, Buffer | TlsFlight, Buffer> {
    const header = yield* this.#take(4);
    if (!Buffer.isBuffer(header)) return header;
    const length = header.readUIntBE(1, 3);
    if (header.readUInt8(0) !== type || length > maxBytes) return opaque;
    return yield* this.#take(length);
  }

  *#take(length: number): Generator<number, Buffer | TlsFlight, Buffer> {
    while (this.#heldBytes < length) {
      const record = yield 5;
      const [type, bytes] = [record.readUInt8(0), record.readUInt16BE(3)];
      if (record.readUInt8(1) !== 3 || bytes === 0 || bytes > maxRecordBytes) return opaque;
      if (type === alert) return { kind: "ended" };
      if (type !== handshake) return opaque;
      this.#held.push(yield bytes);
      this.#heldBytes += bytes;
    }
    const all = Buffer.concat(this.#held);
    this.#held = [all.subarray(length)];
    this.#heldBytes = all.length - length;
    return all.subarray(0, length);
  }
}

/** Whether a ServerHello names its version in an extension: only TLS 1.3 does. */
const namesVersion = (hello: Buffer): boolean => {
  const sessionIdBytes = hello.length > 34 ? hello.readUInt8(34) : 0;
  // Version, random, session id; then cipher suite, compression, and the length of what follows.
  for (let at = 35 + sessionIdBytes + 5; at + 4 <= hello.length; at += 4 + hello.readUInt16BE(at + 2)) {
    if (hello.readUInt16BE(at) === supportedVersions) return true;
  }
  return false;
};
