// Everything that a store holds, in one value that can be compared, and what must hold of it at any time.

import { expect } from "vitest";
import type { Driver } from "../../../gateway/src/store/driver.js";
import type { EmbeddedStore } from "../../../gateway/src/store/engine.js";
import { collected, readLedger } from "../../support/ledger.js";

export interface Held {
  readonly store: EmbeddedStore;
  readonly driver: Driver;
  readonly accounts: readonly string[];
}

const byKey = <T>(items: readonly T[], key: (item: T) => string) =>
  [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));

/** All that decides anything: the audit trail alone is left out, which grows with every event. */
export async function stateOf({ store, driver, accounts }: Held) {
  const { attempts, reversals, entries, grants, cards } = await readLedger(driver);
  const files = [];
  for (const id of accounts) {
    const file = await store.beneficiary(id);
    files.push({
      ...file,
      cards: byKey(file.cards, ({ id: card }) => card),
      grants: byKey(file.grants, ({ id: grant }) => grant),
      suspensions: byKey(file.suspensions, ({ id: suspension }) => suspension),
    });
  }
  const query = { id: "partner-1", pointOfSaleId: "pos-1", conventionReference: null };
  const partner = await driver.readPartner(query);
  return {
    attempts,
    reversals: byKey(reversals, ({ terminalId, id }) => `${terminalId} ${id}`),
    entries,
    grants: byKey(grants, ({ accountId, id }) => `${accountId} ${id}`),
    cards: byKey(
      cards.map(({ id, messageCounter, pinFailures, tapped }) => {
        return { id, messageCounter, pinFailures, tapped };
      }),
      ({ id }) => id,
    ),
    files,
    partner: {
      ...partner,
      agrements: [...partner.agrements].sort(),
      conventions: byKey(partner.conventions, ({ reference }) => reference),
    },
    place: await driver.place("terminal-0"),
    reports: byKey(await collected(driver.reports()), ({ report }) => report),
  };
}

export type State = Awaited<ReturnType<typeof stateOf>>;

/** No grant is overspent, each balance is the sum of its entries, and each entry is of an account's own grant. */
export function checkBalances({ grants, entries }: State): void {
  const keyOf = (accountId: string, id: string) => `${accountId} ${id}`;
  const known = new Set(grants.map(({ accountId, id }) => keyOf(accountId, id)));
  for (const { accountId, grantId } of entries) {
    expect(known.has(keyOf(accountId, grantId))).toBe(true);
  }
  for (const grant of grants) {
    const { accountId, id, spent, amount, supplement } = grant;
    const own = entries.filter((it) => it.accountId === accountId && it.grantId === id);
    expect(own.reduce((sum, { units }) => sum + units, 0)).toBe(spent);
    expect(spent).toBeGreaterThanOrEqual(0);
    expect(spent).toBeLessThanOrEqual(amount + (supplement?.amount ?? 0));
  }
}

/** Nothing that was given is less than before, nothing spent has been reset: only a sale or a reversal moves it. */
export function checkOnlyMore(before: State, after: State): void {
  for (const grant of before.grants) {
    const now = after.grants.find(
      ({ accountId, id }) => accountId === grant.accountId && id === grant.id,
    );
    expect(now?.spent).toBe(grant.spent);
    expect(now?.amount).toBeGreaterThanOrEqual(grant.amount);
    expect(now && totalOf(now)).toBeGreaterThanOrEqual(totalOf(grant));
  }
}

const totalOf = ({ amount, supplement }: State["grants"][number]) =>
  amount + (supplement?.amount ?? 0);

/** Verification and replay have nothing to say. */
export async function checkProofs({ store }: Pick<Held, "store">): Promise<void> {
  expect((await store.verify()).faults).toEqual([]);
  const replay = await store.replay();
  expect({ differences: replay.differences, unknown: replay.unknown }).toEqual({
    differences: [],
    unknown: [],
  });
}
