// Card number enumeration, over mutual TLS: the guard ends it early, and no answer tells more than its code.

import { withLuhn } from "@pass-tpe/protocol/standards";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Heard, RawTill } from "../codes/raw-till.js";
import type { TestCard } from "../support/running-gateway.js";
import { type AttackedGateway, codeOf, saleBy, startAttacked, tally, WRONG_PIN } from "./rig.js";

/** Terminals are enrolled here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const SECOND_MS = 1_000;
/** What belongs to each sale, and the words that belong to a code. */
const OF_THE_SALE = ["id"];
const WORDS_OF_THE_CODE = ["code", "iso39", "retry", "display", "display20", "message"];

let running: AttackedGateway;
beforeAll(async () => {
  running = await startAttacked();
});
afterAll(() => running.stop());
beforeEach(() => running.clock.advance(60 * SECOND_MS));

let numbers = 0;
function unknownNumber(): string {
  numbers += 1;
  return withLuhn(`9${String(numbers).padStart(14, "0")}`);
}

const typed = (till: RawTill, cardNumber: string, pin = WRONG_PIN) =>
  till.sell(saleBy({ type: "keyed", cardNumber, pinBlock: till.pinBlock(cardNumber, pin) }));

describe("card number enumeration", () => {
  test("meets the guard after ten: a hundred numbers at one terminal are eleven answers", async () => {
    const till = await running.till();
    const heard: Heard[] = [];
    for (let guess = 0; guess < 100; guess += 1) heard.push(await typed(till, unknownNumber()));
    expect(tally(heard)).toEqual({ CARD_UNKNOWN: 11, RATE_LIMITED: 89 });
  });

  test("learns nothing in between: while it is slowed a number that exists is told to wait too", async () => {
    const till = await running.till();
    const { cardNumber } = await running.card();
    for (let guess = 0; guess < 11; guess += 1) await typed(till, unknownNumber());
    const [known, unknown] = [await typed(till, cardNumber), await typed(till, unknownNumber())];
    expect(known.status).toBe(429);
    expect(known).toEqual(unknown);
    running.clock.advance(30 * SECOND_MS);
    expect(codeOf(await typed(till, unknownNumber()))).toBe("CARD_UNKNOWN");
    expect(codeOf(await typed(till, unknownNumber()))).toBe("RATE_LIMITED");
  });

  test("at one terminal slows no other", async () => {
    const [guessing, honest] = [await running.till(), await running.till()];
    for (let guess = 0; guess < 12; guess += 1) await typed(guessing, unknownNumber());
    const sale = saleBy(running.tap(await running.card()));
    expect(codeOf(await honest.sell(sale))).toBe("APPROVED");
  });
});

describe("the answer to a presentation that proves nothing", () => {
  /** All of an answer but what belongs to its sale, and the words of its code. */
  const rest = ({ body }: Heard) => {
    const left = OF_THE_SALE.concat(WORDS_OF_THE_CODE);
    return Object.fromEntries(Object.entries(body).filter(([name]) => !left.includes(name)));
  };

  test("is alike for an unknown number and for a known one with a wrong PIN, but for the code's words", async () => {
    const till = await running.till();
    const { cardNumber } = await running.card();
    const [unknown, known] = [await typed(till, unknownNumber()), await typed(till, cardNumber)];
    expect([codeOf(unknown), codeOf(known)]).toEqual(["CARD_UNKNOWN", "PIN_INCORRECT"]);
    expect(rest(known)).toEqual(rest(unknown));
  });

  test("is the same for an unknown chip and for a known one with a wrong MAC", async () => {
    const till = await running.till();
    const stranger: TestCard = {
      ...(await running.card()),
      uid: Buffer.from("04ffffffffff01", "hex"),
    };
    const answers: object[] = [];
    for (const card of [stranger, await running.card()]) {
      const { message } = running.tap(card);
      const flipped = message.slice(0, -1) + (message.endsWith("0") ? "1" : "0");
      const { body } = await till.sell(saleBy({ type: "nfc", message: flipped }));
      const { id: _, ...told } = body;
      answers.push(told);
    }
    expect(answers[0]).toMatchObject({ code: "CARD_NOT_GENUINE" });
    expect(answers[1]).toEqual(answers[0]);
  });
});
