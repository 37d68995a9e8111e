// What the checks of a sale's later life share: a shop, a sale that was held or taken, and whether the books are sound.

import { expect } from "vitest";
import { codeOf, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

/** What the ledger's entries moved, in their order. */
export const unitsOf = async (shop: Shop) =>
  (await shop.ledger()).entries.map(({ units }) => units);

/** Where a sale of the first terminal stands. */
export const stateOf = async (shop: Shop, id: string) =>
  (await shop.store.status("terminal-0", id))?.state;

/** Holds an amount of SPECTACLE, and returns the sale's id. */
export async function hold(shop: Shop, purchaseCents = 10_000): Promise<string> {
  const request = shop.request({ purchaseCents, capture: false });
  expect(codeOf(await shop.authorize(request))).toBe("APPROVED_HELD");
  return request.id;
}

/** Takes an amount of SPECTACLE at once, and returns the sale's id. */
export async function sell(shop: Shop, purchaseCents = 10_000): Promise<string> {
  const request = shop.request({ purchaseCents });
  expect(codeOf(await shop.authorize(request))).toBe("APPROVED");
  return request.id;
}

/** The ledger, the books and every answer add up, and come out the same when they are made again. */
export async function expectSound(shop: Shop): Promise<void> {
  expect((await shop.store.verify()).faults).toEqual([]);
  expect((await shop.store.replay()).differences).toEqual([]);
}

/** An amount, seats and visits. */
export const GRANTS = { SPECTACLE: 10_000, CINEMA: 5, MUSEE: 0 };

/** A shop whose card has these grants. */
export const openAfterSale = (makeDriver: MakeDriver): Promise<Shop> =>
  openFor(makeDriver, { grants: GRANTS });
