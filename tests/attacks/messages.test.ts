// Attacks on the message of a card's chip, over mutual TLS: replayed, rolled back, forged, of another card, cloned.

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { RawTill } from "../codes/raw-till.js";
import type { TestCard } from "../support/running-gateway.js";
import {
  type AttackedGateway,
  atOnce,
  codeOf,
  REPLAYS,
  saleBy,
  startAttacked,
  type Tap,
  tally,
} from "./rig.js";

/** Terminals are enrolled here, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

/** The 32 digits of `e=`, `&m=`, and the 16 digits of the MAC. */
const DYNAMIC_CHARACTERS = 32 + 3 + 16;
const DIGITS = "0123456789ABCDEF";

describe("at a gateway with the limits of `serve`", () => {
  let running: AttackedGateway;
  let till: RawTill;
  let other: RawTill;
  beforeAll(async () => {
    running = await startAttacked();
    [till, other] = [await running.till(), await running.till()];
  });
  afterAll(() => running.stop());
  // What a test's refusals make its terminals suspect of is forgotten before the next.
  beforeEach(() => running.clock.advance(10 * 60_000));

  const sell = (evidence: Tap, cents?: number, at = till) => at.sell(saleBy(evidence, cents));
  const sold = async (evidence: Tap, cents?: number) => codeOf(await sell(evidence, cents));

  test("the same message twice is approved once, at the same terminal and at another", async () => {
    const card = await running.card();
    const message = running.tap(card);
    expect(await sold(message)).toBe("APPROVED");
    expect(await sold(message)).toBe("CARD_NOT_GENUINE");
    expect(codeOf(await sell(message, 100, other))).toBe("CARD_NOT_GENUINE");
    expect(await running.spent(card)).toBe(100);
  });

  test("the same message after a decline is refused, whatever the decline was for", async () => {
    const card = await running.card();
    const declined = [
      ["INSUFFICIENT_BALANCE", { purchaseCents: 999_900, exact: true }],
      ["AVANTAGE_NOT_ACCEPTED_HERE", { avantage: "EQUIPEMENT" }],
    ] as const;
    for (const [code, change] of declined) {
      const message = running.tap(card);
      expect(codeOf(await till.sell({ ...saleBy(message), ...change }))).toBe(code);
      expect(await sold(message)).toBe("CARD_NOT_GENUINE");
    }
    expect(await running.spent(card)).toBe(0);
  });

  test("the same message with another amount is refused, under its own id as under another", async () => {
    const card = await running.card();
    const sale = { id: till.newId(), ...saleBy(running.tap(card), 100) };
    expect(codeOf(await till.sell(sale))).toBe("APPROVED");
    expect(await till.sell({ ...sale, purchaseCents: 900 })).toMatchObject({
      status: 409,
      body: { code: "DUPLICATE_CONFLICT" },
    });
    const renamed = { ...sale, id: till.newId(), purchaseCents: 900 };
    expect(codeOf(await till.sell(renamed))).toBe("CARD_NOT_GENUINE");
    expect(await running.spent(card)).toBe(100);
  });

  test("a counter rolled back is refused, though its message was never shown", async () => {
    const card = await running.card();
    const [first, second, third] = [running.tap(card), running.tap(card), running.tap(card)];
    expect(await sold(third)).toBe("APPROVED");
    expect([await sold(second), await sold(first)]).toEqual([
      "CARD_NOT_GENUINE",
      "CARD_NOT_GENUINE",
    ]);
    expect((await running.kept(card)).messageCounter).toBe(3);
  });

  test("a harvested message pays once until the next genuine tap, which kills every earlier one", async () => {
    const card = await running.card();
    const harvested = [running.tap(card), running.tap(card), running.tap(card)] as const;
    expect(await sold(harvested[0])).toBe("APPROVED");
    expect(await sold(running.tap(card))).toBe("APPROVED");
    expect([await sold(harvested[1]), await sold(harvested[2])]).toEqual([
      "CARD_NOT_GENUINE",
      "CARD_NOT_GENUINE",
    ]);
    expect(await running.spent(card)).toBe(200);
  });

  test("a counter gap is accepted: phones read cards too", async () => {
    const card = await running.card();
    for (let read = 0; read < 999; read += 1) running.tap(card);
    expect(await sold(running.tap(card))).toBe("APPROVED");
    expect((await running.kept(card)).messageCounter).toBe(1_000);
  });

  test("a static UID cloned from a card with a chip is no card, and leaves its counter alone", async () => {
    const card = await running.card();
    const identifier = card.uid.toString("hex").toUpperCase();
    const cloned = await other.sell(saleBy({ type: "nfc", identifier }));
    expect(codeOf(cloned)).toBe("CARD_NOT_GENUINE");
    expect(await running.kept(card)).toMatchObject({ messageCounter: 0 });
    expect(await sold(running.tap(card))).toBe("APPROVED");
  });

  test("fifty times the same message in parallel is approved once", async () => {
    const card = await running.card();
    const message = running.tap(card);
    const tills = await running.tills(10);
    const answers = await atOnce(REPLAYS, (index) => sell(message, 100, tills[index % 10]));
    // The card's own turns end after twenty; who comes later is told to wait, and is not looked at.
    expect(tally(answers)).toEqual({ APPROVED: 1, CARD_NOT_GENUINE: 19, RATE_LIMITED: 30 });
    expect(await running.spent(card)).toBe(100);
  });
});

describe("a static UID cloned from a card without a chip", () => {
  const IDENTIFIER_CARD = { generation: "ID-1", grants: { SPECTACLE: 15_000 } };
  let running: AttackedGateway;
  beforeAll(async () => {
    running = await startAttacked();
  });
  afterAll(() => running.stop());

  const cloneOf = ({ uid }: TestCard, cents: number) =>
    saleBy({ type: "nfc", identifier: uid.toString("hex").toUpperCase() }, cents);

  test("pays up to the ceiling of a tap, and above it the PIN is asked", async () => {
    const card = await running.card(IDENTIFIER_CARD);
    const till = await running.till();
    expect(codeOf(await till.sell(cloneOf(card, 3_001)))).toBe("PIN_REQUIRED");
    expect(codeOf(await till.sell(cloneOf(card, 3_000)))).toBe("APPROVED");
    expect(await running.spent(card)).toBe(3_000);
  });

  test("is under no ceiling where nothing is counted in euros", async () => {
    const card = await running.card({ generation: "ID-1", grants: { CINEMA: 5 } });
    const till = await running.till();
    const { evidence } = cloneOf(card, 0);
    expect(codeOf(await till.sell({ evidence, avantage: "CINEMA", quantity: 5 }))).toBe(
      "APPROVED_SEATS",
    );
    expect(await running.spent(card, "CINEMA")).toBe(5);
  });

  test("takes no more than a day's ceiling at twenty terminals in parallel", async () => {
    const card = await running.card(IDENTIFIER_CARD);
    const tills = await running.tills(20);
    const answers = await Promise.all(tills.map((till) => till.sell(cloneOf(card, 1_000))));
    expect(tally(answers)).toEqual({ APPROVED: 6, PIN_REQUIRED: 14 });
    expect(await running.spent(card)).toBe(6_000);
  });
});

// Without limits, so that the check itself answers every try: the guards would answer in its place from the tenth on.
describe("at a gateway without limits", () => {
  let running: AttackedGateway;
  let tills: readonly RawTill[];
  let till: RawTill;
  beforeAll(async () => {
    running = await startAttacked({ limits: null });
    [till] = [await running.till()];
    tills = await running.tills(10);
  });
  afterAll(() => running.stop());

  const sold = async (message: string) =>
    codeOf(await till.sell(saleBy({ type: "nfc", message }, 100)));
  const allSold = async (messages: readonly string[]) => {
    const codes = new Set<string>();
    for (const message of messages) codes.add(await sold(message));
    return [...codes];
  };

  test("the same message fifty times in parallel at ten terminals is approved once", async () => {
    const card = await running.card();
    const message = running.tap(card);
    const answers = await atOnce(REPLAYS, (index) =>
      (tills[index % tills.length] ?? till).sell(saleBy(message)),
    );
    expect(tally(answers)).toEqual({ APPROVED: 1, CARD_NOT_GENUINE: REPLAYS - 1 });
    expect(await running.spent(card)).toBe(100);
  });

  test("a MAC cut at every byte is refused, and the true one is still good", async () => {
    const card = await running.card();
    const { message } = running.tap(card);
    const cut = Array.from({ length: DYNAMIC_CHARACTERS }, (_, index) =>
      message.slice(0, -1 - index),
    );
    expect(await allSold(cut)).toEqual(["CARD_NOT_GENUINE"]);
    expect(await sold(message)).toBe("APPROVED");
  });

  test("a message or MAC flipped at every byte is refused, and the true one is still good", async () => {
    const card = await running.card();
    const { message } = running.tap(card);
    const from = message.length - DYNAMIC_CHARACTERS;
    const flipped = Array.from({ length: DYNAMIC_CHARACTERS }, (_, index) =>
      withOther(message, from + index),
    );
    expect(new Set(flipped).size).toBe(DYNAMIC_CHARACTERS);
    expect(await allSold(flipped)).toEqual(["CARD_NOT_GENUINE"]);
    expect(await running.kept(card)).toMatchObject({ messageCounter: 0 });
    expect(await sold(message)).toBe("APPROVED");
  });

  test("a message of another card, one's identity with the other's MAC, is refused", async () => {
    const [mine, other] = [await running.card(), await running.card()];
    const [message, theirs] = [running.tap(mine).message, running.tap(other).message];
    const mixed = (identity: string, mac: string) => identity.slice(0, -16) + mac.slice(-16);
    expect(await allSold([mixed(message, theirs), mixed(theirs, message)])).toEqual([
      "CARD_NOT_GENUINE",
    ]);
    expect([await running.spent(mine), await running.spent(other)]).toEqual([0, 0]);
    expect([await sold(message), await sold(theirs)]).toEqual(["APPROVED", "APPROVED"]);
  });
});

/** The text with another character at a place: the next hex digit, or one that is none. */
function withOther(text: string, at: number): string {
  const place = DIGITS.indexOf(text.charAt(at));
  const other = place < 0 ? "_" : DIGITS.charAt((place + 1) % DIGITS.length);
  return text.slice(0, at) + other + text.slice(at + 1);
}
