// Says a TLS ClientHello by hand, with versions and suites that no library of today offers, and reads what comes back.

import { randomBytes } from "node:crypto";
import { connect } from "node:net";

export const TLS_1_1 = 0x0302;
export const TLS_1_2 = 0x0303;

const ALERT = 21;
const HANDSHAKE = 22;

export type HelloAnswer =
  /** The suite that the server chose. */
  | { readonly type: "hello"; readonly suite: number }
  /** RFC 5246, 7.2: 40 is handshake_failure, 70 protocol_version. */
  | { readonly type: "alert"; readonly description: number };

/** Offers a version and suites, in the client's order of preference (RFC 5246, 7.4.1.2). */
export function sayHello(options: {
  readonly port: number;
  readonly version: number;
  readonly suites: readonly number[];
}): Promise<HelloAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: options.port });
    let heard = Buffer.alloc(0);
    socket.on("data", (part: Buffer) => {
      heard = Buffer.concat([heard, part]);
      const answer = read(heard);
      if (answer === null) return;
      resolve(answer);
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the server said nothing")));
    socket.write(clientHello(options));
  });
}

function read(bytes: Buffer): HelloAnswer | null {
  if (bytes.length < 7) return null;
  const type = bytes.readUInt8(0);
  if (type === ALERT) return { type: "alert", description: bytes.readUInt8(6) };
  if (type !== HANDSHAKE) throw new Error(`a record of type ${type}`);
  // Record header 5, handshake header 4, version 2, random 32, then the session id with its length.
  const sessionAt = 43;
  if (bytes.length <= sessionAt) return null;
  const suiteAt = sessionAt + 1 + bytes.readUInt8(sessionAt);
  if (bytes.length < suiteAt + 2) return null;
  return { type: "hello", suite: bytes.readUInt16BE(suiteAt) };
}

const u8 = (value: number) => Buffer.from([value]);
const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const u24 = (value: number) => Buffer.concat([u8(value >> 16), u16(value & 0xffff)]);
const sized = (size: (length: number) => Buffer, ...parts: readonly Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([size(body.length), body]);
};

function clientHello({ version, suites }: { version: number; suites: readonly number[] }): Buffer {
  const extension = (id: number, body: Buffer) => Buffer.concat([u16(id), sized(u16, body)]);
  const extensions = [
    // supported_groups: secp256r1, x25519
    extension(10, sized(u16, u16(23), u16(29))),
    // ec_point_formats: uncompressed
    extension(11, sized(u8, u8(0))),
    // signature_algorithms: RSA PKCS#1 and PSS with SHA-256, RSA PKCS#1 with SHA-1
    extension(13, sized(u16, u16(0x0401), u16(0x0804), u16(0x0201))),
  ];
  const hello = Buffer.concat([
    u16(version),
    randomBytes(32),
    u8(0),
    sized(u16, ...suites.map(u16)),
    Buffer.from([1, 0]),
    sized(u16, ...extensions),
  ]);
  const handshake = Buffer.concat([u8(1), sized(u24, hello)]);
  return Buffer.concat([u8(HANDSHAKE), u16(0x0301), sized(u16, handshake)]);
}
