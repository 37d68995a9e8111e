// Makes the message that an SDM card would make for its next tap, without a reader.

import { randomBytes } from "node:crypto";
import type { Gateway } from "@pass-tpe/gateway";
import {
  cardMessageMacInput,
  encryptPiccData,
  formatCardMessage,
  sdmMac,
} from "@pass-tpe/protocol/standards";

const counters = new Map<string, number>();

/** Fresh NFC evidence of a card: its counter moves on at each call. */
export function nfcEvidence(
  gateway: Gateway,
  card: { readonly uid: Uint8Array },
): { readonly type: "nfc"; readonly message: string } {
  const { uid } = card;
  const key = Buffer.from(uid).toString("hex");
  const counter = (counters.get(key) ?? 0) + 1;
  counters.set(key, counter);
  const { metaReadKey, fileReadKey } = gateway.operator.cardKeys(uid);
  const encryptedPiccData = encryptPiccData({ metaReadKey, uid, counter, random5: randomBytes(5) });
  const macInput = cardMessageMacInput(encryptedPiccData);
  const mac = sdmMac({ fileReadKey, uid, counter, macInput });
  return { type: "nfc", message: formatCardMessage({ encryptedPiccData, mac }) };
}
