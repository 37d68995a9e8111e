// What lies on a contactless reader, by its answer to reset: for the log of a till where a card is no Pass'Région.

import { hex } from "@pass-tpe/protocol/standards";

/** What an answer to reset says of a card. */
export interface AnswerToReset {
  /** Whether the check character at its end is right (ISO/IEC 7816-3, section 8.2.5). False also where it is cut. */
  readonly tckOk: boolean;
  /** A card with a chip that takes commands, a card of memory alone, or something that is no contactless card. */
  readonly kind: "iso14443-4" | "storage" | "other";
  /** In English, for a log: the standard and the name of a storage card. */
  readonly meaning: string;
}

/** Historical bytes of a storage card: its standard and its name (PC/SC part 3, section 3.1.3.2.3.2). */
const STORAGE_CARD = /^804f0ca000000306(..)(....)/;

/** The standard of a storage card (PC/SC part 3, table 3.5, "SS"). */
const STANDARDS: Readonly<Record<string, string>> = {
  "01": "ISO14443-A part 1",
  "02": "ISO14443-A part 2",
  "03": "ISO14443-A part 3",
  "05": "ISO14443-B part 1",
  "06": "ISO14443-B part 2",
  "07": "ISO14443-B part 3",
  "09": "ISO15693 part 1",
  "0a": "ISO15693 part 2",
  "0b": "ISO15693 part 3",
  "0c": "ISO15693 part 4",
  "11": "FeliCa",
};

/** The name of a storage card (PC/SC part 3, supplement on contactless cards, "NN"), as far as tills meet them. */
const NAMES: Readonly<Record<string, string>> = {
  "0001": "MIFARE 1K",
  "0002": "MIFARE 4K",
  "0003": "MIFARE Ultralight",
  "0026": "MIFARE Mini",
  "003a": "MIFARE Ultralight C",
  "003b": "FeliCa",
};

/**
 * Reads the answer to reset that a PC/SC reader makes for a contactless card.
 *
 * @param atr as the reader gives it; any bytes are taken.
 * Source: ISO/IEC 7816-3, section 8.2; PC/SC part 3, section 3.1.3.2.3.
 */
export function readAnswerToReset(atr: Uint8Array): AnswerToReset {
  const parts = partsOf(atr);
  if (parts === null) return { tckOk: false, kind: "other", meaning: "a cut answer to reset" };
  const { interfaceBytes, historicalBytes, tckOk } = parts;
  // A contactless reader says T=0 and T=1 and nothing more, whatever the card.
  if (interfaceBytes !== "8001") return { tckOk, kind: "other", meaning: "no contactless card" };
  const storage = storageCard(historicalBytes);
  if (storage !== null) return { tckOk, kind: "storage", meaning: storage };
  const said = historicalBytes.length === 0 ? "without" : "with";
  return { tckOk, kind: "iso14443-4", meaning: `ISO14443-4 ${said} historical bytes` };
}

/** A storage card in words, or null for the historical bytes of anything else. */
function storageCard(historicalBytes: Uint8Array): string | null {
  const [, standard, name] = STORAGE_CARD.exec(hex(historicalBytes)) ?? [];
  if (standard === undefined || name === undefined) return null;
  const of = STANDARDS[standard] ?? `standard ${standard}`;
  return `${of}, name ${name} (${NAMES[name] ?? "unknown"})`;
}

/** Walks along TS, T0, the interface bytes and the historical bytes. Null when they end too early. */
function partsOf(atr: Uint8Array): {
  interfaceBytes: string;
  historicalBytes: Uint8Array;
  tckOk: boolean;
} | null {
  const [, t0] = atr;
  if (t0 === undefined) return null;
  let at = 2;
  let announced = t0 >> 4;
  let hasCheck = false;
  while ((announced & 0x8) !== 0) {
    at += oneBitsBelow8(announced);
    const td = atr[at];
    if (td === undefined) return null;
    at += 1;
    // Only T=0 alone goes without a check character.
    hasCheck ||= (td & 0x0f) !== 0;
    announced = td >> 4;
  }
  at += oneBitsBelow8(announced);
  const end = at + (t0 & 0x0f);
  if (atr.length < end) return null;
  return {
    interfaceBytes: hex(atr.subarray(2, at)),
    historicalBytes: atr.subarray(at, end),
    tckOk: hasCheck ? atr.length === end + 1 && checkOf(atr) === 0 : atr.length === end,
  };
}

/** How many of TA, TB and TC are announced by the low three bits of an indicator. */
function oneBitsBelow8(indicator: number): number {
  return (indicator & 1) + ((indicator >> 1) & 1) + ((indicator >> 2) & 1);
}

/** All bytes from T0 to the check character together: 0 when it is right. */
function checkOf(atr: Uint8Array): number {
  return atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0);
}
