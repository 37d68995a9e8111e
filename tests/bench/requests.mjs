// @ts-check
// Makes authorization requests as bytes: each with its own id and evidence that the gateway has not seen.
import { randomBytes, randomInt } from "node:crypto";
import { UUID_V7_RANDOM_BYTES, uuidV7 } from "@pass-tpe/protocol";
import {
  cardMessageMacInput,
  deriveWorkingKey,
  encryptPiccData,
  encryptPinBlock,
  formatCardMessage,
  formatKsn,
  nextCounter,
  sdmMac,
} from "@pass-tpe/protocol/standards";
import { TERMINAL_HEADER } from "./bench-listener.mjs";

/** @typedef {{ minCents: number, maxCents: number }} Purchase what is bought: from minCents to below maxCents */

/** @type {Purchase} */
export const USUAL_PURCHASE = { minCents: 100, maxCents: 3_000 };

/**
 * @typedef {object} BenchCard
 * @property {Uint8Array} uid
 * @property {Uint8Array} metaReadKey
 * @property {Uint8Array} fileReadKey
 * @property {number} counter of the chip, at its last tap
 * @property {{ token: string, cardNumber: string, pin: string }} [printed] its printed code, and the holder's PIN
 */
/** @typedef {Pick<import("./terminals.mjs").BenchTerminal, "pinKey" | "pinCounter">} PinPad */
/**
 * @typedef {object} Asked
 * @property {object} evidence
 * @property {string} avantage
 * @property {number} purchaseCents
 * @property {boolean} [exact]
 */

/** @param {BenchCard} card moves its counter on @returns {object} the evidence of its next tap */
export function tapped(card) {
  card.counter += 1;
  const { uid, metaReadKey, fileReadKey, counter } = card;
  const encryptedPiccData = encryptPiccData({ metaReadKey, uid, counter, random5: randomBytes(5) });
  const macInput = cardMessageMacInput(encryptedPiccData);
  const mac = sdmMac({ fileReadKey, uid, counter, macInput });
  return { type: "nfc", message: formatCardMessage({ encryptedPiccData, mac }) };
}

/** @param {BenchCard} card @param {PinPad} pad moves its counter on @returns {object} a scanned code and a typed PIN */
export function scanned({ printed }, pad) {
  const counter = nextCounter(pad.pinCounter);
  if (printed === undefined || counter === null) throw new Error("no printed code, or no PIN key");
  pad.pinCounter = counter;
  const initialKey = Buffer.from(pad.pinKey.initialKeyHex, "hex");
  const initialKeyId = Buffer.from(pad.pinKey.initialKeyIdHex, "hex");
  const key = deriveWorkingKey({ initialKey, initialKeyId, counter, usage: "pinEncryption" });
  const { token, cardNumber, pin } = printed;
  const block = encryptPinBlock({ key, pin, cardNumber, random8: randomBytes(8) });
  const ksn = formatKsn({ initialKeyId, counter });
  return { type: "qr", token, pinBlock: { ksn, block: block.toString("hex").toUpperCase() } };
}

/** @param {Purchase} purchase @returns {number} somewhere in it */
export function priceIn({ minCents, maxCents }) {
  return randomInt(minCents, maxCents);
}

/**
 * @param {Asked} asked
 * @param {number} [terminal] its place in the bench's list, where the connection does not say which terminal it is
 * @returns {string} a whole HTTP/1.1 request
 */
export function requestOf(asked, terminal) {
  const id = uuidV7(Date.now(), randomBytes(UUID_V7_RANDOM_BYTES));
  const body = JSON.stringify({ id, ...asked });
  const head = [
    "POST /v1/authorizations HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    ...(terminal === undefined ? [] : [`${TERMINAL_HEADER}: ${terminal}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/** @param {BenchCard} card @param {Purchase} [purchase] @returns {string} the usual request, by a tap */
export function authorizationRequest(card, purchase = USUAL_PURCHASE) {
  const purchaseCents = priceIn(purchase);
  return requestOf({ evidence: tapped(card), avantage: "SPECTACLE", purchaseCents });
}
