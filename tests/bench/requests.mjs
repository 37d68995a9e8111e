// @ts-check
// Makes authorization requests as bytes: each with its own id and a card message that the gateway has not seen.
import { randomBytes, randomInt } from "node:crypto";
import { UUID_V7_RANDOM_BYTES, uuidV7 } from "@pass-tpe/protocol";
import {
  cardMessageMacInput,
  encryptPiccData,
  formatCardMessage,
  sdmMac,
} from "@pass-tpe/protocol/standards";

/** @typedef {{ minCents: number, maxCents: number }} Purchase what is bought: from minCents to below maxCents */

/** @type {Purchase} */
const USUAL_PURCHASE = { minCents: 100, maxCents: 3_000 };

/** @typedef {{ uid: Uint8Array, metaReadKey: Uint8Array, fileReadKey: Uint8Array, counter: number }} BenchCard */

/** @param {BenchCard} card moves its counter on @returns {string} what the chip makes at its next tap */
function tap(card) {
  card.counter += 1;
  const { uid, metaReadKey, fileReadKey, counter } = card;
  const encryptedPiccData = encryptPiccData({ metaReadKey, uid, counter, random5: randomBytes(5) });
  const macInput = cardMessageMacInput(encryptedPiccData);
  const mac = sdmMac({ fileReadKey, uid, counter, macInput });
  return formatCardMessage({ encryptedPiccData, mac });
}

/** @param {BenchCard} card @param {Purchase} [purchase] @returns {string} a whole HTTP/1.1 request */
export function authorizationRequest(card, { minCents, maxCents } = USUAL_PURCHASE) {
  const body = JSON.stringify({
    id: uuidV7(Date.now(), randomBytes(UUID_V7_RANDOM_BYTES)),
    evidence: { type: "nfc", message: tap(card) },
    avantage: "SPECTACLE",
    purchaseCents: randomInt(minCents, maxCents),
  });
  const head = [
    "POST /v1/authorizations HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
