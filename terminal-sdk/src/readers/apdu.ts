// The few commands that a card is sent and what its status words mean, as data (ISO/IEC 7816-4).

import { fromHex } from "@pass-tpe/protocol/standards";
import type { ReadRefusalCode } from "./reader.js";

/** SELECT by name of the NDEF application, D2760000850101 (NFC Forum Type 4 Tag 2.0, section 7.2.1). */
export const SELECT_NDEF_APPLICATION: Uint8Array = fromHex("00A4040C07D276000085010100");

/** SELECT of the NDEF file, E104, without an answer to the selection (ISO/IEC 7816-4, section 11.1.1). */
export const SELECT_NDEF_FILE: Uint8Array = fromHex("00A4000C02E104");

/** Asks the reader, not the card, for the card's identifier (PC/SC part 3, section 3.2.2.1.3). */
export const GET_IDENTIFIER: Uint8Array = fromHex("FFCA000000");

/** The most that one READ BINARY asks for: what every contactless reader passes on in one piece. */
export const READ_BYTES_MAX = 0x80;

/** The longest answer to any command sent here: the data and a status word. */
export const ANSWER_BYTES_MAX = 256 + 2;

/**
 * READ BINARY of the selected file (ISO/IEC 7816-4, section 11.2.3).
 *
 * @param options.offset first byte, 0 to 32,767.
 * @param options.length how many bytes, 1 to {@link READ_BYTES_MAX}.
 */
export function readBinary(options: { offset: number; length: number }): Uint8Array {
  const { offset, length } = options;
  return Uint8Array.of(0x00, 0xb0, offset >> 8, offset & 0xff, length);
}

/** What a card answered: its data and its status word. */
export interface CardAnswer {
  readonly data: Uint8Array;
  /** SW1 and SW2 as one number, for instance 0x9000. */
  readonly statusWord: number;
}

/** Takes an answer apart. Null for fewer than two bytes: that is how PC/SC shows a card taken away. */
export function parseAnswer(answer: Uint8Array): CardAnswer | null {
  if (answer.length < 2) return null;
  const status = Buffer.from(answer.subarray(-2));
  return { data: answer.subarray(0, -2), statusWord: status.readUInt16BE(0) };
}

interface StatusMeaning {
  /** The status words from here … */
  readonly from: number;
  /** … to here, both included. */
  readonly to: number;
  readonly meaning: string;
  /** Null: the answer can be used. */
  readonly refusal: ReadRefusalCode | null;
}

const only = (word: number) => ({ from: word, to: word });

/** Every status word that is told apart (ISO/IEC 7816-4, table 6). Any other leaves the card unreadable. */
const STATUS_WORDS: readonly StatusMeaning[] = [
  { ...only(0x9000), meaning: "done", refusal: null },
  { ...only(0x6282), meaning: "the file ended before all was read", refusal: null },
  { ...only(0x6700), meaning: "wrong length: a shorter file", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6982), meaning: "reading is not allowed", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6985), meaning: "conditions of use not satisfied", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6986), meaning: "no file selected", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6999), meaning: "application not selectable", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6a81), meaning: "function not supported", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6a82), meaning: "no such application or file", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6a86), meaning: "wrong parameters", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6b00), meaning: "offset outside the file", refusal: "NOT_A_PASS_CARD" },
  { from: 0x6c00, to: 0x6cff, meaning: "wrong length: a shorter file", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6d00), meaning: "command not supported", refusal: "NOT_A_PASS_CARD" },
  { ...only(0x6e00), meaning: "class not supported", refusal: "NOT_A_PASS_CARD" },
];

/**
 * What a status word means for the read.
 *
 * @returns `refusal` null where the answer can be used; `meaning` is English, for a log.
 */
export function statusMeaning(statusWord: number): {
  readonly meaning: string;
  readonly refusal: ReadRefusalCode | null;
} {
  const known = STATUS_WORDS.find(({ from, to }) => statusWord >= from && statusWord <= to);
  return known ?? { meaning: "the card or the reader failed", refusal: "CARD_UNREADABLE" };
}
