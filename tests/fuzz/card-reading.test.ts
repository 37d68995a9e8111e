// Cards that answer anything: what the SDK's card reading, its NDEF and its answers to reset make of it.

import {
  buildNdefUriFile,
  CARD_MESSAGE_PREFIX,
  hex,
  MAX_NDEF_FILE_BYTES,
  parseNdefUriFile,
} from "@pass-tpe/protocol/standards";
import fc from "fast-check";
import { expect } from "vitest";
import { readAnswerToReset } from "../../terminal-sdk/src/readers/atr.js";
import { readCard, type Transmit } from "../../terminal-sdk/src/readers/read-card.js";
import { anyBytes, damaged, hostileBytes } from "./support/damage.js";
import { fuzz } from "./support/fuzz.js";

const SECRET = "0123456789ABCDEF0123456789ABCDEF&m=94EED9EE65337086";
const SECRET_AS_HEX = hex(Buffer.from(SECRET.slice(0, 8)));
const GOOD_URI = `${CARD_MESSAGE_PREFIX}${SECRET}`;
const GOOD_FILE = buildNdefUriFile(GOOD_URI);
const DONE = Buffer.from("9000", "hex");

/** Two selections and a read of one byte each time, of the longest file that there is. */
const COMMANDS_MAX = 2 + MAX_NDEF_FILE_BYTES;
const DEADLINE_MS = 20;

type Saying = Uint8Array | "reject" | "reject with no error" | "silence";

const statusWord = fc.oneof(
  fc.constantFrom("9000", "6282", "6700", "6982", "6A82", "6C10", "6100", "FFFF"),
  fc.nat(0xffff).map((word) => word.toString(16).padStart(4, "0")),
);
const answered = fc
  .tuple(
    fc.oneof(anyBytes(400), damaged(fc.constant(GOOD_FILE)), fc.constant(Buffer.alloc(0))),
    statusWord,
  )
  .map(([data, word]) => Buffer.concat([data, Buffer.from(word, "hex")]));
const saying: fc.Arbitrary<Saying> = fc.oneof(
  { arbitrary: answered, weight: 8 },
  { arbitrary: anyBytes(3), weight: 2 },
  { arbitrary: fc.constantFrom<Saying>("reject", "reject with no error"), weight: 1 },
  { arbitrary: fc.constant<Saying>("silence"), weight: 1 },
);

/** Answers in turn, over and over; counts what it is sent. */
function cardThatSays(sayings: readonly Saying[]): { transmit: Transmit; sent: () => number } {
  let sent = 0;
  const transmit: Transmit = async () => {
    const now = sayings[sent % sayings.length] ?? DONE;
    sent += 1;
    if (now === "reject") throw new Error("the card is gone");
    if (now === "reject with no error") return Promise.reject("gone");
    return now === "silence" ? new Promise(() => undefined) : now;
  };
  return { transmit, sent: () => sent };
}

/** A card that selects well, and reads any file well. */
function cardWith(file: Uint8Array): Transmit {
  return async (apdu) => {
    if (apdu[1] !== 0xb0) return DONE;
    const from = ((apdu[2] ?? 0) << 8) | (apdu[3] ?? 0);
    return Buffer.concat([file.subarray(from, from + (apdu[4] ?? 0)), DONE]);
  };
}

fuzz(
  "a card may answer each command with anything",
  { usual: 600, cases: fc.tuple(fc.array(saying, { minLength: 1, maxLength: 6 }), fc.boolean()) },
  async ([sayings, identifierCards]) => {
    const { transmit, sent } = cardThatSays(sayings);
    const reading = await readCard(transmit, { identifierCards, deadlineMs: DEADLINE_MS });
    expect(sent()).toBeLessThanOrEqual(COMMANDS_MAX);
    if (reading.ok) expect(["nfcMessage", "nfcIdentifier"]).toContain(reading.presented.kind);
    else expect(["CARD_UNREADABLE", "NOT_A_PASS_CARD"]).toContain(reading.code);
  },
);

fuzz(
  "a card's file may be cut, changed or endless, and no refusal repeats the card's message",
  { usual: 1_500, cases: hostileBytes(GOOD_FILE) },
  async (file) => {
    const reading = await readCard(cardWith(file));
    if (reading.ok) {
      const { presented } = reading;
      if (presented.kind !== "nfcMessage") throw new Error(`read as ${presented.kind}`);
      expect(presented.message).toMatch(
        /^https:\/\/pass\.auvergnerhonealpes\.fr\/t\?e=[\x21-\x7e]+$/,
      );
    } else expect(reading.detail).not.toContain(SECRET_AS_HEX);
  },
);

fuzz(
  "an NDEF file of any bytes is an address or names its wrong field",
  { usual: 3_000, cases: hostileBytes(GOOD_FILE, 2 * MAX_NDEF_FILE_BYTES) },
  (file) => {
    const parsed = parseNdefUriFile(file);
    if (parsed.ok) expect(parsed.uri).toMatch(/^[\x21-\x7e]+$/);
    else expect(parsed.reason.startsWith(parsed.field)).toBe(true);
  },
);

const NTAG_ATR = Buffer.from("3B8180018080", "hex");
const STORAGE_ATR = Buffer.from("3B8F8001804F0CA000000306030001000000006A", "hex");

fuzz(
  "an answer to reset of any bytes is told in words",
  {
    usual: 3_000,
    cases: fc.oneof(hostileBytes(NTAG_ATR, 64), damaged(fc.constant(STORAGE_ATR))),
  },
  (atr) => {
    const { kind, meaning, tckOk } = readAnswerToReset(atr);
    expect(["iso14443-4", "storage", "other"]).toContain(kind);
    expect(meaning).not.toBe("");
    if (atr.length === 0) expect(tckOk).toBe(false);
  },
);
