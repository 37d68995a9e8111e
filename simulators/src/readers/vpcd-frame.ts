// The frames between the virtual PC/SC reader (vpcd) and a card: two bytes of length, then the body.

/** What the virtual reader says to the card. */
export type VpcdMessage =
  | { readonly type: "powerOff" }
  | { readonly type: "powerOn" }
  | { readonly type: "reset" }
  /** Wants the answer to reset; asked again and again, to see whether the card is there. */
  | { readonly type: "atr" }
  | { readonly type: "apdu"; readonly apdu: Buffer };

const LENGTH_BYTES = 2;

/** The longest body that a frame can hold. */
export const VPCD_BODY_BYTES_MAX = 0xffff;

/** The bodies of one byte, which are no commands for the card. */
const CONTROLS: Readonly<Record<number, VpcdMessage>> = {
  0: { type: "powerOff" },
  1: { type: "powerOn" },
  2: { type: "reset" },
  4: { type: "atr" },
};

/** Gives the messages that the bytes so far complete; the bytes may come in pieces of any size. */
export function createVpcdFrameParser(): (chunk: Uint8Array) => VpcdMessage[] {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    const messages: VpcdMessage[] = [];
    for (let body = firstBody(pending); body !== null; body = firstBody(pending)) {
      pending = pending.subarray(LENGTH_BYTES + body.length);
      if (body.length > 0) messages.push(messageOf(body));
    }
    return messages;
  };
}

/**
 * One frame for the virtual reader.
 *
 * @throws RangeError when the body has more than {@link VPCD_BODY_BYTES_MAX} bytes.
 */
export function vpcdFrame(body: Uint8Array): Buffer {
  if (body.length > VPCD_BODY_BYTES_MAX) {
    throw new RangeError(`vpcd: the caller must pass at most ${VPCD_BODY_BYTES_MAX} bytes`);
  }
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body]);
}

function firstBody(bytes: Buffer): Buffer | null {
  if (bytes.length < LENGTH_BYTES) return null;
  const end = LENGTH_BYTES + bytes.readUInt16BE(0);
  return bytes.length < end ? null : bytes.subarray(LENGTH_BYTES, end);
}

function messageOf(body: Buffer): VpcdMessage {
  const control = body.length === 1 ? CONTROLS[body.readUInt8(0)] : undefined;
  return control ?? { type: "apdu", apdu: body };
}
