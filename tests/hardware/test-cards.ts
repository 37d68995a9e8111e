// The cards of the reader tests: their keys, and the check that a message is truly theirs.

import {
  decryptPiccData,
  fromHex,
  hex,
  parseCardMessage,
  sdmMac,
} from "@pass-tpe/protocol/standards";
import { createVirtualCard, type VirtualCard, virtualCardKeys } from "@pass-tpe/simulators";

const MASTERS = {
  metaReadKey: fromHex("000102030405060708090a0b0c0d0e0f"),
  fileReadMasterKey: fromHex("101112131415161718191a1b1c1d1e1f"),
  applicationId: fromHex("d27600"),
  systemId: Buffer.from("pass-test"),
};

export const UID_A = fromHex("04a1b2c3d4e5f1");
export const UID_B = fromHex("04a1b2c3d4e5f2");

/** A Pass'Région of the tests. */
export function passCard(
  uid: Uint8Array,
  options: { counter?: number; removeAfterApdus?: number } = {},
): VirtualCard {
  return createVirtualCard({ profile: "sdm", uid, keys: keysOf(uid), ...options });
}

export function keysOf(uid: Uint8Array) {
  return virtualCardKeys({ ...MASTERS, uid });
}

/**
 * What a card message says, checked as a gateway checks it.
 *
 * @throws Error when it is not a genuine message of a card of the tests.
 */
export function openCardMessage(message: string): { uid: string; counter: number } {
  const parsed = parseCardMessage(message);
  if (parsed === null) throw new Error("not a card message");
  const { encryptedPiccData: encrypted, mac, macInput } = parsed;
  const identity = decryptPiccData({ metaReadKey: MASTERS.metaReadKey, encrypted });
  if (identity === null) throw new Error("not encrypted with the tests' key");
  const { fileReadKey } = keysOf(identity.uid);
  if (!sdmMac({ fileReadKey, ...identity, macInput }).equals(mac)) throw new Error("wrong code");
  return { uid: hex(identity.uid), counter: identity.counter };
}
