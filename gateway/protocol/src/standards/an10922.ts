// One key per card out of one master key, so that a card opened in a laboratory opens no other.
import { assertLength } from "./bytes.js";
import { type Cmac, cmacPaddedTo, prepareCmac } from "./cmac.js";

/** The longest diversification input, in bytes: two AES blocks less the leading constant. */
export const MAX_DIVERSIFICATION_INPUT_BYTES = 31;

const PADDED_BYTES = 32;
const AES_128_CONSTANTS = [0x01] as const;
const AES_256_CONSTANTS = [0x41, 0x42] as const;

const UID_BYTES = 7;
const APPLICATION_ID_BYTES = 3;

/**
 * The diversified key for an input, as long as the master key.
 *
 * @param options.masterKey 16 bytes (AES-128) or 32 bytes (AES-256); or made ready by `prepareCmac`.
 * @param options.input 1 to 31 bytes that no other card shares.
 * @throws RangeError on other lengths.
 * Source: NXP AN10922 section 2, "AES-128 key" and "AES-256 key".
 */
export function diversifyKey(options: { masterKey: Uint8Array | Cmac; input: Uint8Array }): Buffer {
  const { masterKey, input } = options;
  if (input.byteLength < 1 || input.byteLength > MAX_DIVERSIFICATION_INPUT_BYTES) {
    throw new RangeError(
      `diversification input: the caller must pass 1 to 31 bytes, not ${input.byteLength}`,
    );
  }
  const constants = masterKey.byteLength === 32 ? AES_256_CONSTANTS : AES_128_CONSTANTS;
  const key = masterKey instanceof Uint8Array ? prepareCmac(masterKey) : masterKey;
  const parts = constants.map((constant) =>
    cmacPaddedTo({
      key,
      message: Buffer.concat([Buffer.of(constant), input]),
      paddedLength: PADDED_BYTES,
    }),
  );
  return Buffer.concat(parts);
}

/**
 * The key that signs the messages of one card (its SDM file-read key).
 *
 * @param options.uid the card's 7 bytes.
 * @param options.applicationId 3 bytes, fixed so that no two inputs run together.
 * @param options.systemId the programme's own mark, 1 to 21 bytes.
 * @throws RangeError on other lengths.
 * Source: NXP AN10922, its worked example: input = UID, application id, system id.
 */
export function cardFileReadKey(options: {
  masterKey: Uint8Array | Cmac;
  uid: Uint8Array;
  applicationId: Uint8Array;
  systemId: Uint8Array;
}): Buffer {
  const { masterKey, uid, applicationId, systemId } = options;
  assertLength({ name: "uid", bytes: uid, length: UID_BYTES });
  assertLength({ name: "applicationId", bytes: applicationId, length: APPLICATION_ID_BYTES });
  if (systemId.byteLength === 0) {
    throw new RangeError("systemId: the caller must pass the programme's mark, at least 1 byte");
  }
  return diversifyKey({ masterKey, input: Buffer.concat([uid, applicationId, systemId]) });
}
