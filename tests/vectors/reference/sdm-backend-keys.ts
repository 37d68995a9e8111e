// Card keys as the project sdm-backend makes them: the product diversifies by AN10922, so this stands on its primitives alone.
import { createHmac } from "node:crypto";
import { diversifyKey } from "@pass-tpe/protocol/standards";

const KEY_BYTES = 16;

/** The key that hides identifier and counter, one for all cards; made of a master key of 16 bytes. */
export function undiversifiedKey(masterKey: Uint8Array): Buffer {
  return hmac(masterKey, Buffer.from("PICCDataKey")).subarray(0, KEY_BYTES);
}

/** A key of one card and slot: AN10922 over a name for the card that does not tell its identifier. */
export function tagKey(options: {
  masterKey: Uint8Array;
  uid: Uint8Array;
  keyNumber: number;
}): Buffer {
  const { masterKey, uid, keyNumber } = options;
  const label = Buffer.concat([Buffer.from("SlotMasterKey"), Buffer.of(keyNumber)]);
  const slotKey = hmac(masterKey, label).subarray(0, KEY_BYTES);
  const name = hmac(hmac(masterKey, Buffer.from("DivBaseKey")), uid).subarray(0, KEY_BYTES);
  return diversifyKey({ masterKey: slotKey, input: name });
}

function hmac(key: Uint8Array, message: Uint8Array): Buffer {
  return createHmac("sha256", key).update(message).digest();
}
