// What alerts look at, from the stored attempts: what each sale took, and what its grant was at that instant.

import { heldUnits } from "../core/holds.js";
import type { ObservedSale } from "../core/settlement/observed-sale.js";
import type { AttemptsPage, Driver, LedgerAttempt } from "./driver.js";
import { takenAtMs } from "./sale-file.js";
import { parseStoredInput, type StoredInput } from "./stored-input.js";

/** The attempts that are read at once; sales come between two pages. */
const ATTEMPTS_PER_PAGE = 200;

/** A capture may come so long after its authorization, by the longest hold that a programme can ask for. */
const HOLD_MS_MAX = 7 * 24 * 3_600_000;

/** The sales that took something in `[fromMs, toMs)` and were not reversed, in the order of their decisions. */
export async function* observedSales(input: {
  readonly driver: Pick<Driver, "attemptsPage">;
  readonly fromMs: number;
  readonly toMs: number;
  readonly readAlone: <T>(work: () => T | Promise<T>) => Promise<T>;
}): AsyncIterable<ObservedSale> {
  const { driver, fromMs, toMs, readAlone } = input;
  const range = { fromMs: fromMs - HOLD_MS_MAX, toMs, max: ATTEMPTS_PER_PAGE };
  let after: number | null = null;
  do {
    const from: number | null = after;
    const page: AttemptsPage = await readAlone(() =>
      driver.attemptsPage({ ...range, after: from }),
    );
    for (const row of page.rows) {
      const sale = observed(row);
      if (sale && fromMs <= sale.takenAtMs && sale.takenAtMs < toMs) yield sale;
    }
    after = page.next;
  } while (after !== null);
}

function observed(row: LedgerAttempt): ObservedSale | null {
  const { attempt, entries, reversal } = row;
  const { partnerId, avantage, accountId, input } = attempt;
  const taken = entries.find(({ units }) => units > 0);
  if (!taken || reversal || partnerId === null || avantage === null || input === null) return null;
  const { snapshot, nowMs }: StoredInput = parseStoredInput(input);
  const grant = snapshot.grants.find(({ id }) => id === taken.grantId);
  if (!grant) return null;
  const { supplement } = grant;
  const isReachable = supplement && snapshot.partner?.flags.includes(supplement.partnerFlag);
  return {
    partnerId,
    avantage,
    unit: grant.unit,
    grantKey: `${accountId} ${grant.id}`,
    units: taken.units,
    amountOfGrant: grant.amount + (isReachable ? supplement.amount : 0),
    spentBefore: grant.spent + heldUnits(snapshot.holds, grant.id, nowMs),
    windowToMs: grant.window.toMs,
    takenAtMs: takenAtMs(row),
  };
}
