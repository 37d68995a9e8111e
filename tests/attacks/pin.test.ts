// Attacks on the code secret, over mutual TLS: guessed at many terminals at once, photographed codes, blocks used again.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Heard, RawTill } from "../codes/raw-till.js";
import { pinBlocksUnder } from "../support/pin-blocks.js";
import { TEST_PIN, type TestCard } from "../support/running-gateway.js";
import {
  type AttackedGateway,
  atOnce,
  codeOf,
  REPLAYS,
  saleBy,
  startAttacked,
  stepUp,
  tally,
  WRONG_PIN,
} from "./rig.js";

/** A hundred terminals are enrolled here, on a machine that may be busy. */
const TIMEOUT_MS = 180_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

/** A card that is presented in every way: by a tap above its ceiling too, which the code secret follows. */
const IDENTIFIER_CARD = { generation: "ID-1", grants: { SPECTACLE: 15_000 } };
const ABOVE_CEILING_CENTS = 3_001;
const WAYS = ["scan", "typed number", "step-up"] as const;
type Way = (typeof WAYS)[number];

const wayOf = (index: number): Way => WAYS[index % WAYS.length] ?? "scan";

/** Makes a sale that tries a code secret. A step-up taps now, and tries when it is called. */
async function guess(
  running: AttackedGateway,
  options: { readonly till: RawTill; readonly card: TestCard; readonly way: Way },
): Promise<(pin: string) => Promise<Heard>> {
  const { till, card, way } = options;
  const { cardNumber, uid } = card;
  switch (way) {
    case "scan":
      return (pin) => till.sell(saleBy(running.scan(card, till.pinBlock(cardNumber, pin))));
    case "typed number":
      return (pin) => {
        const pinBlock = till.pinBlock(cardNumber, pin);
        return till.sell(saleBy({ type: "keyed", cardNumber, pinBlock }));
      };
    case "step-up": {
      const identifier = uid.toString("hex").toUpperCase();
      const sale = saleBy({ type: "nfc", identifier }, ABOVE_CEILING_CENTS);
      const tap = await till.sell(sale);
      expect(codeOf(tap)).toBe("PIN_REQUIRED");
      return (pin) =>
        till.sell({ ...sale, ...stepUp(tap, (number) => till.pinBlock(number, pin)) });
    }
  }
}

// Without limits, so that each of the hundred is answered by the count of tries: the card's own turns end after twenty.
describe("a hundred terminals at a gateway without limits", () => {
  let running: AttackedGateway;
  let tills: readonly RawTill[];
  let card: TestCard;
  let answers: readonly Heard[];

  beforeAll(async () => {
    running = await startAttacked({ limits: null });
    tills = await running.tills(100);
    card = await running.card(IDENTIFIER_CARD);
    const ready = await Promise.all(
      tills.map((till, index) => guess(running, { till, card, way: wayOf(index) })),
    );
    answers = await Promise.all(ready.map((tryPin) => tryPin(WRONG_PIN)));
  });
  afterAll(() => running.stop());

  test("a hundred wrong PINs in parallel, by scan, typed number and step-up, are evaluated three times", async () => {
    expect(tally(answers)).toEqual({ PIN_INCORRECT: 1, PIN_INCORRECT_LAST: 1, PIN_LOCKED: 98 });
    expect((await running.kept(card)).pinFailures).toBe(3);
    expect(await running.spent(card)).toBe(0);
  });

  test.each(WAYS)(
    "a locked PIN is not looked at, by %s: the right one gets the wrong one's answer",
    async (way) => {
      const [till] = tills;
      if (!till) throw new Error("no terminal");
      const told: object[] = [];
      for (const pin of [WRONG_PIN, TEST_PIN]) {
        const { body } = await (await guess(running, { till, card, way }))(pin);
        expect(body).toMatchObject({ outcome: "declined", code: "PIN_LOCKED" });
        const { id: _, ...words } = body;
        told.push(words);
      }
      expect(told[1]).toEqual(told[0]);
      expect((await running.kept(card)).pinFailures).toBe(3);
    },
  );
});

describe("twenty-five terminals at a gateway with the limits of `serve`", () => {
  test("a hundred wrong PINs are evaluated three times, and the card's turns end before they do", async () => {
    const running = await startAttacked();
    const tills = await running.tills(25);
    const card = await running.card();
    const answers = await atOnce(25, async (index) => {
      const [till] = tills.slice(index);
      if (!till) throw new Error("no terminal");
      const heard: Heard[] = [];
      for (let time = 0; time < 4; time += 1) {
        const way = index % 2 ? "scan" : "typed number";
        heard.push(await (await guess(running, { till, card, way }))(WRONG_PIN));
      }
      return heard;
    });
    expect(tally(answers.flat())).toEqual({
      PIN_INCORRECT: 1,
      PIN_INCORRECT_LAST: 1,
      PIN_LOCKED: 18,
      RATE_LIMITED: 80,
    });
    expect((await running.kept(card)).pinFailures).toBe(3);
    await running.stop();
  });
});

describe("at a gateway with the limits of `serve`", () => {
  let running: AttackedGateway;
  let till: RawTill;
  let other: RawTill;
  beforeAll(async () => {
    running = await startAttacked();
    [till, other] = [await running.till(), await running.till()];
  });
  afterAll(() => running.stop());

  /** Another pad of the same terminal, whose counter begins anew; or under what is changed of its key. */
  const padOf = (of: RawTill, change: Partial<RawTill["credentials"]["pinKey"]> = {}) =>
    pinBlocksUnder({ ...of.credentials.pinKey, ...change });
  const scanned = async (card: TestCard, pinBlock?: ReturnType<RawTill["pinBlock"]>, at = till) =>
    at.sell(saleBy(running.scan(card, pinBlock)));

  test("a photographed printed QR without the PIN buys nothing, and says nothing of its holder", async () => {
    const card = await running.card();
    const { body } = await scanned(card);
    expect(body).toMatchObject({ outcome: "declined", code: "PIN_REQUIRED" });
    for (const field of ["holder", "usableHere", "available", "remaining", "proofRef"]) {
      expect(body).not.toHaveProperty(field);
    }
    expect(await running.kept(card)).toMatchObject({ pinFailures: 0 });
  });

  test("a photographed printed QR with a wrong PIN buys nothing, and locks after three", async () => {
    const card = await running.card();
    const codes: string[] = [];
    for (const pin of [WRONG_PIN, "0000", "1234", TEST_PIN]) {
      codes.push(codeOf(await scanned(card, till.pinBlock(card.cardNumber, pin))));
    }
    expect(codes).toEqual(["PIN_INCORRECT", "PIN_INCORRECT_LAST", "PIN_LOCKED", "PIN_LOCKED"]);
    expect(await running.spent(card)).toBe(0);
  });

  test("a PIN block replayed is refused, and uses no try", async () => {
    const card = await running.card();
    const block = till.pinBlock(card.cardNumber, TEST_PIN);
    expect(codeOf(await scanned(card, block))).toBe("APPROVED");
    expect(codeOf(await scanned(card, block))).toBe("PIN_BLOCK_INVALID");
    expect(await running.kept(card)).toMatchObject({ pinFailures: 0 });
    expect(await running.spent(card)).toBe(100);
  });

  test("a PIN block replayed fifty times in parallel passes once", async () => {
    const card = await running.card();
    const block = till.pinBlock(card.cardNumber, TEST_PIN);
    const answers = await atOnce(REPLAYS, () => scanned(card, block));
    expect(tally(answers)).toEqual({ APPROVED: 1, PIN_BLOCK_INVALID: 19, RATE_LIMITED: 30 });
    expect(await running.spent(card)).toBe(100);
  });

  test("a PIN block moved to another card does not open, and costs neither card a try", async () => {
    const [card, target] = [await running.card(), await running.card()];
    const block = till.pinBlock(card.cardNumber, TEST_PIN);
    expect(codeOf(await scanned(target, block))).toBe("PIN_BLOCK_INVALID");
    expect(codeOf(await scanned(card, block))).toBe("PIN_BLOCK_INVALID");
    for (const { pinFailures } of [await running.kept(card), await running.kept(target)]) {
      expect(pinFailures).toBe(0);
    }
  });

  test("a KSN reused for a fresh block, or rolled back, is refused; one that skips is accepted", async () => {
    const card = await running.card();
    const fresh = await running.till();
    const [pad, late] = [padOf(fresh), padOf(fresh)];
    const block = () => pad(card.cardNumber, TEST_PIN);
    const [, , third] = [block(), block(), block()];
    expect(codeOf(await scanned(card, third, fresh))).toBe("APPROVED");
    const codes: string[] = [];
    for (let counter = 1; counter <= 4; counter += 1) {
      codes.push(codeOf(await scanned(card, late(card.cardNumber, TEST_PIN), fresh)));
    }
    const refused = "PIN_BLOCK_INVALID";
    expect(codes).toEqual([refused, refused, refused, "APPROVED"]);
    for (let skipped = 0; skipped < 500; skipped += 1) late(card.cardNumber, TEST_PIN);
    expect(codeOf(await scanned(card, late(card.cardNumber, TEST_PIN), fresh))).toBe("APPROVED");
  });

  test("a KSN of another terminal is refused, though the block opens there", async () => {
    const card = await running.card();
    const block = other.pinBlock(card.cardNumber, TEST_PIN);
    expect(codeOf(await scanned(card, block))).toBe("PIN_BLOCK_INVALID");
    expect(codeOf(await scanned(card, block, other))).toBe("APPROVED");
  });

  test("a block under another terminal's key does not open under the name of one's own", async () => {
    const card = await running.card();
    const [fresh, stolen] = [await running.till(), await running.till()];
    const { initialKeyHex } = stolen.credentials.pinKey;
    const block = padOf(fresh, { initialKeyHex })(card.cardNumber, TEST_PIN);
    expect(codeOf(await scanned(card, block, fresh))).toBe("PIN_BLOCK_INVALID");
    expect(await running.kept(card)).toMatchObject({ pinFailures: 0 });
  });

  test("a block of one step-up does not open at another", async () => {
    const card = await running.card(IDENTIFIER_CARD);
    const identifier = card.uid.toString("hex").toUpperCase();
    const sale = saleBy({ type: "nfc", identifier }, ABOVE_CEILING_CENTS);
    const [tap, later] = [await till.sell(sale), await till.sell(sale)];
    const right = (number: string) => till.pinBlock(number, TEST_PIN);
    const { evidence: seen } = stepUp(tap, right);
    const moved = stepUp(later, () => {
      if (seen.type !== "proofRef" || !seen.pinBlock) throw new Error("a step-up has a block");
      return seen.pinBlock;
    });
    expect(codeOf(await till.sell({ ...sale, ...moved }))).toBe("PIN_BLOCK_INVALID");
    expect(codeOf(await till.sell({ ...sale, ...stepUp(tap, right) }))).toBe("APPROVED");
  });
});
