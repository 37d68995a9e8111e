// Attacks on QR codes with the right code secret in hand, over mutual TLS: old, used, copied, forged, altered.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { parseQrToken, QR_NONCE_BYTES, signQrToken } from "@pass-tpe/protocol/standards";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { RawTill } from "../codes/raw-till.js";
import { TEST_PIN, type TestCard } from "../support/running-gateway.js";
import { type AttackedGateway, codeOf, saleBy, startAttacked, tally, WRONG_PIN } from "./rig.js";

/** Terminals are enrolled here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const SECOND_MS = 1_000;
/** A minute, and half of one for clocks that differ. */
const APP_CODE_LIFE_MS = 90 * SECOND_MS;

let running: AttackedGateway;
let till: RawTill;
let other: RawTill;
beforeAll(async () => {
  running = await startAttacked();
  [till, other] = [await running.till(), await running.till()];
});
afterAll(() => running.stop());
// What a test's refusals make its terminals suspect of is forgotten before the next.
beforeEach(() => running.clock.advance(10 * 60 * SECOND_MS));

/** A code as the app shows it at this instant, or some time from it. */
function appCode({ cardNumber }: TestCard, aheadMs = 0): string {
  const issuedAtSeconds = Math.floor((running.clock.nowMs() + aheadMs) / SECOND_MS);
  const nonce = randomBytes(QR_NONCE_BYTES);
  return running.gateway.operator.qrToken({ kind: "app", cardNumber, issuedAtSeconds, nonce });
}

const printedCode = ({ cardNumber }: TestCard) =>
  running.gateway.operator.qrToken({ kind: "printed", cardNumber });

/** What a sale by a code and the code secret of a card is answered. */
async function shown(
  token: string,
  { cardNumber }: TestCard,
  { at = till, pin = TEST_PIN } = {},
): Promise<string> {
  const pinBlock = at.pinBlock(cardNumber, pin);
  return codeOf(await at.sell(saleBy({ type: "qr", token, pinBlock })));
}

test("an app QR expired is refused from its last second on, and so is one of the future", async () => {
  const card = await running.card();
  const [inTime, late] = [appCode(card), appCode(card)];
  running.clock.advance(APP_CODE_LIFE_MS - 2 * SECOND_MS);
  expect(await shown(inTime, card)).toBe("APPROVED");
  running.clock.advance(2 * SECOND_MS);
  expect(await shown(late, card)).toBe("QR_INVALID");
  expect(await shown(appCode(card, 60 * SECOND_MS), card)).toBe("QR_INVALID");
});

test.each([
  ["approved", TEST_PIN, "APPROVED"],
  ["declined for a wrong PIN", WRONG_PIN, "PIN_INCORRECT"],
])("an app QR reused after it was %s is refused", async (_what, pin, code) => {
  const card = await running.card();
  const token = appCode(card);
  expect(await shown(token, card, { pin })).toBe(code);
  expect(await shown(token, card)).toBe("QR_INVALID");
  expect(await shown(token, card, { at: other })).toBe("QR_INVALID");
});

test("an app QR copied to twenty terminals in parallel, each with the right PIN, pays at one", async () => {
  const card = await running.card();
  const tills = await running.tills(20);
  const token = appCode(card);
  const codes = await Promise.all(tills.map((at) => shown(token, card, { at })));
  expect(tally(codes.map((code) => ({ body: { code } })))).toEqual({ APPROVED: 1, QR_INVALID: 19 });
  expect(await running.spent(card)).toBe(100);
});

/** A printed code of somebody who is no issuer, under a key id that there is or is not. */
function forged(card: TestCard, keyId = keyIdOf(printedCode(card))): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { cardNumber } = card;
  return signQrToken({ privateKey, token: { kind: "printed", keyId, cardNumber } });
}

function keyIdOf(token: string): string {
  const parsed = parseQrToken(token);
  if (!parsed.ok) throw new Error(`not a code: ${parsed.reason}`);
  return parsed.token.keyId;
}

test("a QR with a foreign issuer's signature is refused, and its right PIN is not looked at", async () => {
  const card = await running.card();
  expect(await shown(forged(card), card)).toBe("QR_INVALID");
  expect(await shown(forged(card), card, { pin: WRONG_PIN })).toBe("QR_INVALID");
  expect(await running.kept(card)).toMatchObject({ pinFailures: 0 });
});

test("a QR under an unknown key id is refused", async () => {
  const card = await running.card();
  expect(await shown(forged(card, "ZZ9"), card)).toBe("QR_INVALID");
  const renamed = printedCode(card).replace(/^PR1\.P\.[^.]+/, "PR1.P.ZZ9");
  expect(await shown(renamed, card)).toBe("QR_INVALID");
});

test("a QR with an altered number, kind, time or nonce is refused", async () => {
  const [mine, victim] = [await running.card(), await running.card()];
  const moved = printedCode(mine).replace(mine.cardNumber, victim.cardNumber);
  expect(await shown(moved, victim)).toBe("QR_INVALID");
  const parts = appCode(mine).split(".");
  const altered = [
    parts.with(1, "P").toSpliced(4, 2),
    parts.with(4, String(Number(parts[4]) + 1)),
    parts.with(5, appCode(mine).split(".").at(5) ?? ""),
  ];
  for (const fields of altered) expect(await shown(fields.join("."), mine)).toBe("QR_INVALID");
  expect([await running.spent(mine), await running.spent(victim)]).toEqual([0, 0]);
  expect(await shown(parts.join("."), mine)).toBe("APPROVED");
});

test("a bare card number in the place of a QR is refused for a card that has signed ones", async () => {
  const card = await running.card();
  expect(await shown(card.cardNumber, card)).toBe("QR_INVALID");
});
