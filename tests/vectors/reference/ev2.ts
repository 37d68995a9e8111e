// Secure messaging with a card when it is personalized: the product performs none of it, so this stands on its primitives alone.
import { strict as assert } from "node:assert";
import { aesCmac } from "@pass-tpe/protocol/standards";
import { decryptBlocks, encryptBlocks, xor } from "../../../gateway/protocol/src/standards/aes.js";

const BLOCK_BYTES = 16;
const MAC_BYTES = 8;
const PADDING_MARK = 0x80;

/**
 * Both sides of AuthenticateEV2First, from the terminal's random number and the card's two answers.
 *
 * Source: NXP NT4H2421Gx rev. 3.0 section 9.1.5 to 9.1.7.
 */
export function authenticateEv2First(options: {
  key: Uint8Array;
  keyNumber: number;
  rndA: Buffer;
  part1: Uint8Array;
  part2: Uint8Array;
}) {
  const { key, keyNumber, rndA, part1, part2 } = options;
  const rndB = decryptBlocks({ key, data: part1 });
  const opened = decryptBlocks({ key, data: part2 });
  assert.deepEqual(opened.subarray(4, 4 + BLOCK_BYTES), rotated(rndA), "the card proves itself");
  const context = Buffer.concat([
    rndA.subarray(0, 2),
    xor(rndA.subarray(2, 8), rndB.subarray(0, 6)),
    rndB.subarray(6),
    rndA.subarray(8),
  ]);
  const sv1 = Buffer.concat([Buffer.from("a55a00010080", "hex"), context]);
  const sv2 = Buffer.concat([Buffer.from("5aa500010080", "hex"), context]);
  return {
    command: apduOf({ command: Buffer.of(0x71), body: Buffer.of(keyNumber, 0) }),
    part2Data: encryptBlocks({ key, data: Buffer.concat([rndA, rotated(rndB)]) }),
    rndB,
    ti: opened.subarray(0, 4),
    sv1,
    sv2,
    sesAuthEncKey: aesCmac({ key, message: sv1 }),
    sesAuthMacKey: aesCmac({ key, message: sv2 }),
  };
}

interface Session {
  readonly encKey: Uint8Array;
  readonly macKey: Uint8Array;
  readonly transactionId: Buffer;
  readonly commandCounter: number;
}

/**
 * A command under secure messaging, and its answer opened.
 *
 * @param options.mode `mac`: data in the clear; `full`: data encrypted.
 * @param options.response data, if any, and its code; null when the card's answer is not looked at.
 * Source: NXP NT4H2421Gx rev. 3.0 section 9.1.9 and 9.1.10.
 */
export function wrapEv2(
  options: Session & {
    mode: string;
    command: Buffer;
    header: Buffer;
    data: Buffer;
    response: Buffer | null;
  },
): Record<string, Buffer> {
  const { mode, command, header, data, response } = options;
  assert(mode === "mac" || mode === "full", `mode ${mode} is not mac or full`);
  const isFull = mode === "full";
  const ivCmd = ivOf("a55a", options);
  const isEncrypted = isFull && data.length > 0;
  const sent = isEncrypted
    ? encryptBlocks({ key: options.encKey, iv: ivCmd, data: padded(data) })
    : data;
  const body = Buffer.concat([header, sent]);
  const code = macOf({ ...options, first: command, body });
  const apdu = apduOf({ command, body: Buffer.concat([body, code]) });
  if (response === null) return { apdu, ivCmd };
  return { apdu, ivCmd, responseData: openResponse({ ...options, isFull, response }) };
}

function openResponse(options: Session & { isFull: boolean; response: Buffer }): Buffer {
  const { isFull, response } = options;
  const answered = { ...options, commandCounter: options.commandCounter + 1 };
  const body = response.subarray(0, -MAC_BYTES);
  const code = macOf({ ...answered, first: Buffer.of(0), body });
  assert.deepEqual(response.subarray(-MAC_BYTES), code, "the answer's code is right");
  if (!isFull || body.length === 0) return body;
  const iv = ivOf("5aa5", answered);
  const opened = decryptBlocks({ key: options.encKey, iv, data: body });
  return opened.subarray(0, opened.lastIndexOf(PADDING_MARK));
}

/** Bytes 1, 3, … 15 of the CMAC over command or return code, counter, transaction and body. */
function macOf(options: Session & { first: Buffer; body: Buffer }): Buffer {
  const { macKey: key, first, transactionId, body } = options;
  const message = Buffer.concat([first, counterBytes(options), transactionId, body]);
  return Buffer.from(aesCmac({ key, message }).filter((_, index) => index % 2 === 1));
}

function ivOf(label: string, options: Session): Buffer {
  const { encKey: key, transactionId } = options;
  const seed = [Buffer.from(label, "hex"), transactionId, counterBytes(options)];
  return encryptBlocks({ key, data: Buffer.concat(seed, BLOCK_BYTES) });
}

function counterBytes({ commandCounter }: Session): Buffer {
  return Buffer.of(commandCounter & 0xff, commandCounter >> 8);
}

function apduOf({ command, body }: { command: Buffer; body: Buffer }): Buffer {
  return Buffer.concat([
    Buffer.of(0x90),
    command,
    Buffer.of(0, 0, body.length),
    body,
    Buffer.of(0),
  ]);
}

/** One byte to the left, the first one at the end. */
function rotated(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(1), bytes.subarray(0, 1)]);
}

function padded(data: Buffer): Buffer {
  const length = (Math.floor(data.length / BLOCK_BYTES) + 1) * BLOCK_BYTES;
  return Buffer.concat([data, Buffer.of(PADDING_MARK)], length);
}
