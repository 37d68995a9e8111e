// Drivers for races: one that lets other work run between a read and a write, and one with a deliberate bug.

import type { Effect } from "../../gateway/src/core/decision.js";
import type { Change, Driver } from "../../gateway/src/store/driver.js";
import { readLedger } from "./ledger.js";

const otherWork = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets everything that waits run after each read and before each write, as a driver over a network would. */
export function yieldingDriver(driver: Driver): Driver {
  return {
    ...driver,
    async findAttempt(terminalId, id) {
      const found = await driver.findAttempt(terminalId, id);
      await otherWork();
      return found;
    },
    async readCase(query) {
      const found = await driver.readCase(query);
      await otherWork();
      return found;
    },
    async findPlace(terminalId) {
      const found = await driver.findPlace(terminalId);
      await otherWork();
      return found;
    },
    async readSale(terminalId, id) {
      const found = await driver.readSale(terminalId, id);
      await otherWork();
      return found;
    },
    async findRefund(askedBy, id) {
      const found = await driver.findRefund(askedBy, id);
      await otherWork();
      return found;
    },
    async findSalesOfPartner(partnerId, id) {
      const found = await driver.findSalesOfPartner(partnerId, id);
      await otherWork();
      return found;
    },
    async apply(change) {
      await otherWork();
      await driver.apply(change);
    },
    async readBeneficiary(query) {
      const found = await driver.readBeneficiary(query);
      await otherWork();
      return found;
    },
    async applyEvent(event, writes) {
      await otherWork();
      await driver.applyEvent(event, writes);
    },
  };
}

/** Shares one driver among several stores: each change stands by itself, and nothing is taken back as a batch. */
export function sharedDriver(driver: Driver): Driver {
  return { ...driver, begin() {}, sync() {}, rollback() {} };
}

/** Room that the driver below is told of, so that it never stands in the way of the bug. */
const HIDDEN_ROOM = 1_000_000;

/**
 * A driver that acts on a check it made long ago: what an effect expects is replaced by whatever is there now, and
 * nothing below it knows how much a grant really holds.
 */
export function checkThenActDriver(driver: Driver): Driver {
  async function believing(change: Change): Promise<Change> {
    const { grants } = await readLedger(driver);
    const spentNow = new Map(grants.map((grant) => [grant.id, grant.spent]));
    const effects = change.effects.flatMap((effect): readonly Effect[] => {
      if (effect.type === "markDecided") return [];
      if (effect.type !== "post") return [effect];
      return [{ ...effect, spentBefore: spentNow.get(effect.grantId) ?? effect.spentBefore }];
    });
    return { ...change, effects };
  }
  return {
    ...driver,
    load: (batch) =>
      driver.load({
        ...batch,
        grants: (batch.grants ?? []).map((it) => ({ ...it, amount: it.amount + HIDDEN_ROOM })),
      }),
    async readCase(query) {
      const found = await driver.readCase(query);
      if (!found) return null;
      const grants = found.snapshot.grants.map((it) => ({
        ...it,
        amount: it.amount - HIDDEN_ROOM,
      }));
      return { ...found, snapshot: { ...found.snapshot, grants } };
    },
    async apply(change) {
      await driver.apply(await believing(change));
    },
    ledger() {
      const ledger = driver.ledger();
      return {
        ...ledger,
        async *grants() {
          for await (const it of ledger.grants()) yield { ...it, amount: it.amount - HIDDEN_ROOM };
        },
      };
    },
  };
}
