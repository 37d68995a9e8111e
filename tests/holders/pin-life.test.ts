// The life of a PIN against a running gateway: set in the account, used at the till, locked, set anew, replaced.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { aPupil } from "../operators/events.js";
import { collected } from "../support/ledger.js";
import { type HoldersGateway, PASSWORD, startHoldersGateway } from "./rig.js";

/** Slow hashes and a whole gateway, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const PIN = "7294";
const OTHER_PIN = "5083";

let running: HoldersGateway;
let driver: Driver;

beforeAll(async () => {
  running = await startHoldersGateway({
    // A seal in between would be counted, or stopped, in the place of what is tested.
    sealEveryMs: 3_600_000,
    makeDriver(path) {
      driver = sqliteDriver(path);
      return driver;
    },
  });
});
afterAll(async () => {
  const { faults } = await running.gateway.operator.verify();
  await running.stop();
  expect(faults).toEqual([]);
});

const pinState = async (dossier: string) =>
  (await running.ask("/v1/account/pin-state", { dossier, password: PASSWORD })).body;

describe("a code secret", () => {
  test("is defined before the first use, and then works at the till", async () => {
    const pupil = await running.openedPupil();
    const lastFour = pupil.cardNumber.slice(-4);
    const card = { status: "ACTIVE", lastFour };
    expect(await pinState(pupil.id)).toEqual({ card, pin: "NOT_SET" });
    expect([await running.scan(pupil.cardNumber, PIN), await running.tap(pupil)]).toEqual([
      "PIN_NOT_SET",
      "PIN_NOT_SET",
    ]);
    expect(await running.setPin(pupil, PIN)).toMatchObject({
      status: 200,
      body: { card, pin: "SET" },
    });
    expect([await running.scan(pupil.cardNumber, PIN), await running.tap(pupil)]).toEqual([
      "APPROVED",
      "APPROVED",
    ]);
  });

  test("locked by three errors at the till is unlocked by a new one, and the old one fails", async () => {
    const pupil = await running.openedPupil();
    await running.setPin(pupil, PIN);
    const wrong = [];
    for (const _ of [1, 2, 3]) wrong.push(await running.scan(pupil.cardNumber, OTHER_PIN));
    expect(wrong).toEqual(["PIN_INCORRECT", "PIN_INCORRECT_LAST", "PIN_LOCKED"]);
    expect([await running.scan(pupil.cardNumber, PIN), await pinState(pupil.id)]).toMatchObject([
      "PIN_LOCKED",
      { pin: "LOCKED" },
    ]);
    expect(await running.setPin(pupil, PIN)).toMatchObject({
      status: 422,
      body: { code: "PIN_REFUSED", reason: "same", message: expect.stringMatching(/nouveau/) },
    });
    expect(await running.scan(pupil.cardNumber, PIN)).toBe("PIN_LOCKED");
    await running.setPin(pupil, OTHER_PIN);
    expect([
      await running.scan(pupil.cardNumber, PIN),
      await running.scan(pupil.cardNumber, OTHER_PIN),
    ]).toEqual(["PIN_INCORRECT", "APPROVED"]);
  });

  test.each([
    ["birthDay", "2903", /date de naissance/],
    ["birthDay", "0329", /date de naissance/],
    ["birthDay", "2007", /date de naissance/],
    ["birthDay", "2907", /date de naissance/],
    ["repeat", "0000", /même chiffre/],
    ["run", "4321", /suite/],
    ["form", "12", /4 chiffres/],
  ])("is refused as %s: %s", async (reason, pin, words) => {
    const pupil = await running.openedPupil();
    expect(await running.setPin(pupil, pin)).toMatchObject({
      status: 422,
      body: { code: "PIN_REFUSED", reason, message: expect.stringMatching(words) },
    });
    expect(await pinState(pupil.id)).toMatchObject({ pin: "NOT_SET" });
  });

  test("does not pass to the card that replaces another: that one has its own set", async () => {
    const pupil = await running.openedPupil();
    await running.setPin(pupil, PIN);
    const { cardNumber, uid } = aPupil();
    const card = { number: cardNumber, uid: uid.toString("hex"), generation: "SDM-1" };
    const id = crypto.randomUUID();
    const about = { id, beneficiary: pupil.id, replacedCardNumber: pupil.cardNumber, card };
    const sent = await running.operator.send({ type: "card.replaced", ...about });
    expect(sent).toMatchObject({ status: 200, body: { outcome: "applied" } });
    expect([await running.scan(cardNumber, PIN), await running.tap({ uid })]).toEqual([
      "PIN_NOT_SET",
      "PIN_NOT_SET",
    ]);
    await running.setPin(pupil, PIN);
    expect(await running.scan(cardNumber, PIN)).toBe("APPROVED");
  });

  test("is not set on a card that is withdrawn, and the holder is told why", async () => {
    const pupil = await running.openedPupil();
    const id = crypto.randomUUID();
    const about = { id, beneficiary: pupil.id, cardNumber: pupil.cardNumber, status: "LOST" };
    await running.operator.send({ type: "card.withdrawn", ...about });
    expect(await running.setPin(pupil, PIN)).toMatchObject({
      status: 409,
      body: {
        code: "CARD_NOT_ACTIVE",
        reason: "LOST",
        message: expect.stringMatching(/perdue ou volée/),
      },
    });
    expect(await pinState(pupil.id)).toMatchObject({ card: { status: "LOST" }, pin: null });
  });

  test("leaves each act in the audit trail, under the holder, without a digit", async () => {
    const pupil = await running.openedPupil();
    await running.setPin(pupil, PIN);
    await running.setPin(pupil, OTHER_PIN);
    const rows = (await collected(driver.events({ subject: pupil.id }))).slice(-4);
    expect(rows.map(({ type, agentId, notes }) => [type, agentId, notes])).toEqual([
      ["account.invited", "operator-1", []],
      ["account.opened", "(holder)", []],
      ["pin.defined", "(holder)", []],
      ["pin.changed", "(holder)", []],
    ]);
  });
});
