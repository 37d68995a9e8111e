// Secure Dynamic Messaging: the identity, counter and code that a card puts into its message.
import {
  AES_BLOCK_BYTES,
  type BlockCipher,
  decryptBlocks,
  encryptBlocks,
  prepareAes,
} from "./aes.js";
import { assertLength } from "./bytes.js";
import { aesCmac, prepareCmac } from "./cmac.js";

/** The highest value of a card's 3-byte read counter; the card then sends no further message. */
export const MAX_SDM_COUNTER = 0xff_ff_ff;

/** PICCData tag: UID mirrored, counter mirrored, UID of 7 bytes. */
const PICC_DATA_TAG = 0xc7;
const UID_BYTES = 7;
const COUNTER_BYTES = 3;
const RANDOM_BYTES = 5;
const KEY_BYTES = 16;

const SV1_PREFIX = Buffer.from("c33c00010080", "hex");
const SV2_PREFIX = Buffer.from("3cc300010080", "hex");

type CardReading = { fileReadKey: Uint8Array; uid: Uint8Array; counter: number };

/**
 * Opens the encrypted PICC data of a card message.
 *
 * @returns the 7-byte UID and the read counter, or null when the length is not 16 bytes or the
 * tag is not that of a 7-byte UID with a counter: no card of ours under this key. The work is
 * the same whatever the answer.
 * @throws RangeError when the key is not 16 bytes.
 * Source: NXP NT4H2421Gx rev. 3.0 section 9.3.4: AES-CBC with a zero vector.
 */
export function decryptPiccData(options: {
  /** 16 bytes, or made ready by `prepareAes`. */
  metaReadKey: Uint8Array | BlockCipher;
  encrypted: Uint8Array;
}): { uid: Buffer; counter: number } | null {
  const { metaReadKey, encrypted } = options;
  const cipher = metaReadKey instanceof Uint8Array ? prepareAes(metaReadKey) : metaReadKey;
  assertLength({ name: "metaReadKey", bytes: cipher, length: KEY_BYTES });
  const isWhole = encrypted.byteLength === AES_BLOCK_BYTES;
  const data = isWhole ? encrypted : new Uint8Array(AES_BLOCK_BYTES);
  // One block under a zero vector: the block cipher alone.
  const plain = cipher.decrypt(data);
  const uid = plain.subarray(1, 1 + UID_BYTES);
  const counter = plain.readUIntLE(1 + UID_BYTES, COUNTER_BYTES);
  return isWhole && plain[0] === PICC_DATA_TAG ? { uid, counter } : null;
}

/**
 * What a card does when it is read: its UID, counter and 5 random bytes under the meta-read key.
 *
 * @returns 16 bytes.
 * @throws RangeError on wrong lengths or a counter outside 0..MAX_SDM_COUNTER.
 */
export function encryptPiccData(options: {
  metaReadKey: Uint8Array;
  uid: Uint8Array;
  counter: number;
  random5: Uint8Array;
}): Buffer {
  const { metaReadKey, uid, counter, random5 } = options;
  assertLength({ name: "metaReadKey", bytes: metaReadKey, length: KEY_BYTES });
  assertLength({ name: "uid", bytes: uid, length: UID_BYTES });
  assertLength({ name: "random5", bytes: random5, length: RANDOM_BYTES });
  const data = Buffer.concat([Buffer.of(PICC_DATA_TAG), uid, counterBytes(counter), random5]);
  return encryptBlocks({ key: metaReadKey, data });
}

/**
 * The two session vectors of one reading and the keys made from them, 16 bytes each.
 *
 * @throws RangeError on wrong lengths or a counter outside 0..MAX_SDM_COUNTER.
 * Source: NXP NT4H2421Gx rev. 3.0 section 9.3.9; worked example in AN12196 ("SDM Session Key Generation").
 */
export function sdmSessionKeys({ fileReadKey, uid, counter }: CardReading): {
  sv1: Buffer;
  sv2: Buffer;
  encKey: Buffer;
  macKey: Buffer;
} {
  assertReading({ fileReadKey, uid, counter });
  const reading = [uid, counterBytes(counter)];
  const sv1 = Buffer.concat([SV1_PREFIX, ...reading]);
  const sv2 = Buffer.concat([SV2_PREFIX, ...reading]);
  const cmac = prepareCmac(fileReadKey);
  return { sv1, sv2, encKey: cmac.of(sv1), macKey: cmac.of(sv2) };
}

function assertReading({ fileReadKey, uid }: CardReading): void {
  assertLength({ name: "fileReadKey", bytes: fileReadKey, length: KEY_BYTES });
  assertLength({ name: "uid", bytes: uid, length: UID_BYTES });
}

/**
 * The 8-byte code of one reading over the dynamic part of its message.
 *
 * Compare it with `equalConstantTime`, never with `===` on its hex.
 *
 * @param options.macInput the exact ASCII text the card covers; may be empty.
 * Source: NXP NT4H2421Gx rev. 3.0 section 9.3.8: bytes 1, 3, ... 15 of the CMAC.
 */
export function sdmMac(options: CardReading & { macInput: string }): Buffer {
  assertReading(options);
  const { fileReadKey, uid, counter } = options;
  const sv2 = Buffer.concat([SV2_PREFIX, uid, counterBytes(counter)]);
  const macKey = aesCmac({ key: fileReadKey, message: sv2 });
  const cmac = aesCmac({ key: macKey, message: Buffer.from(options.macInput, "ascii") });
  return Buffer.from(cmac.filter((_, index) => index % 2 === 1));
}

/**
 * Opens the encrypted file data that a card may carry beside its PICC data.
 *
 * @returns as many bytes as came in, or null when they are not whole blocks.
 * Source: NXP NT4H2421Gx rev. 3.0 section 9.3.6: AES-CBC, vector = counter under the encryption key.
 */
export function decryptFileData(
  options: CardReading & { encryptedFileData: Uint8Array },
): Buffer | null {
  const { counter, encryptedFileData } = options;
  const length = encryptedFileData.byteLength;
  if (length === 0 || length % AES_BLOCK_BYTES !== 0) return null;
  const { encKey } = sdmSessionKeys(options);
  const seed = Buffer.alloc(AES_BLOCK_BYTES);
  seed.set(counterBytes(counter));
  const iv = encryptBlocks({ key: encKey, data: seed });
  return decryptBlocks({ key: encKey, iv, data: encryptedFileData });
}

function counterBytes(counter: number): Buffer {
  if (!Number.isInteger(counter) || counter < 0 || counter > MAX_SDM_COUNTER) {
    throw new RangeError(`counter: the caller must pass 0 to ${MAX_SDM_COUNTER}, not ${counter}`);
  }
  const bytes = Buffer.alloc(COUNTER_BYTES);
  bytes.writeUIntLE(counter, 0, COUNTER_BYTES);
  return bytes;
}
