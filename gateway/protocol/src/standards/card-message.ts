// The address that a Pass'Région card shows at each tap, with its encrypted identity and code.
import { assertLength, fromHex, hex } from "./bytes.js";

/**
 * How the address of every Pass'Région card begins, up to its encrypted identity.
 *
 * The programme publishes no form for it; this one is the project's own choice, to be agreed with
 * whoever personalizes the cards.
 */
export const CARD_MESSAGE_PREFIX = "https://pass.auvergnerhonealpes.fr/t?e=";

const MAC_MARK = "&m=";
const PICC_DATA_BYTES = 16;
const MAC_BYTES = 8;

// Upper case alone: the card writes and signs upper case, so any other text is not its own.
const DYNAMIC_PART = /^([0-9A-F]{32})&m=([0-9A-F]{16})$/;

export type CardMessage = { encryptedPiccData: Buffer; mac: Buffer; macInput: string };

/**
 * The text a card signs: its encrypted identity in upper-case hex and the mark of the code.
 *
 * @param encryptedPiccData 16 bytes.
 * Source: NXP NT4H2421Gx rev. 3.0 section 9.3.8: the file from SDMMACInputOffset up to SDMMACOffset.
 */
export function cardMessageMacInput(encryptedPiccData: Uint8Array): string {
  assertLength({ name: "encryptedPiccData", bytes: encryptedPiccData, length: PICC_DATA_BYTES });
  return `${hex(encryptedPiccData).toUpperCase()}${MAC_MARK}`;
}

/**
 * The whole address of one tap.
 *
 * @param options.encryptedPiccData 16 bytes.
 * @param options.mac the 8-byte SDM MAC over {@link cardMessageMacInput}.
 * @throws RangeError on other lengths.
 */
export function formatCardMessage(options: {
  encryptedPiccData: Uint8Array;
  mac: Uint8Array;
}): string {
  const { encryptedPiccData, mac } = options;
  assertLength({ name: "mac", bytes: mac, length: MAC_BYTES });
  const signed = cardMessageMacInput(encryptedPiccData);
  return `${CARD_MESSAGE_PREFIX}${signed}${hex(mac).toUpperCase()}`;
}

/**
 * Takes the address of one tap apart. It says nothing of whether the card is genuine.
 *
 * @returns the parts and the exact text that the code covers, or null for any text that no card
 * of the programme writes.
 */
export function parseCardMessage(uri: string): CardMessage | null {
  if (!isPassCardUri(uri)) return null;
  const match = DYNAMIC_PART.exec(uri.slice(CARD_MESSAGE_PREFIX.length));
  const encrypted = match?.[1];
  const mac = match?.[2];
  if (encrypted === undefined || mac === undefined) return null;
  return {
    encryptedPiccData: fromHex(encrypted),
    mac: fromHex(mac),
    macInput: `${encrypted}${MAC_MARK}`,
  };
}

/** Whether an address claims to be a Pass'Région card's; the terminal asks no more than this. */
export function isPassCardUri(uri: string): boolean {
  return uri.startsWith(CARD_MESSAGE_PREFIX);
}
