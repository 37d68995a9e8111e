// What somebody might build wrong: drivers that keep money badly, for the checks of a life to find.

import type { Driver } from "../../../gateway/src/store/driver.js";
import type { Bundle } from "../../../gateway/src/store/settlement/driver.js";

/** One thing built wrong. */
export interface Bug {
  readonly what: string;
  /** How the ledger itself may refuse what comes of it, before the checks of a life have a look. */
  readonly refusals: readonly string[];
  spoil(driver: Driver): Driver;
}

const OVERSPENT = "a grant is never overspent nor overpaid";

export const BUGS: readonly Bug[] = [
  {
    what: "what is held is left out of the balance",
    refusals: ["a grant is never held beyond its amount", OVERSPENT],
    spoil: (driver) => ({
      ...driver,
      async readCase(query) {
        const rows = await driver.readCase(query);
        return rows && { ...rows, snapshot: { ...rows.snapshot, holds: [] } };
      },
    }),
  },
  {
    what: "earlier refunds are forgotten",
    refusals: ["a sale never gives back more than it took", OVERSPENT],
    spoil: (driver) => ({
      ...driver,
      async readSale(terminalId, id) {
        return { ...(await driver.readSale(terminalId, id)), returned: 0 };
      },
    }),
  },
  {
    what: "a refund is made again under its id",
    refusals: ["an operation is made once, on a sale that is there"],
    // It is looked for twice: by its id, and among those of its sale.
    spoil: (driver) => ({
      ...driver,
      findRefund: () => null,
      async findAttempt(terminalId, id) {
        const stored = await driver.findAttempt(terminalId, id);
        return stored && { ...stored, refunds: [] };
      },
      async findSalesOfPartner(partnerId, id) {
        const sales = await driver.findSalesOfPartner(partnerId, id);
        return sales.map((sale) => ({ ...sale, refunds: [] }));
      },
    }),
  },
  {
    what: "a hold never expires",
    refusals: [],
    spoil: (driver) => ({
      ...driver,
      async findAttempt(terminalId, id) {
        const stored = await driver.findAttempt(terminalId, id);
        const hold = stored?.hold && { ...stored.hold, expiresAtMs: Number.MAX_SAFE_INTEGER };
        return stored && { ...stored, hold: hold ?? null };
      },
    }),
  },
  { what: "held lines are paid", refusals: [], spoil: payingWhatIsHeld },
];

/** Whoever settles is told that no line waits for papers, and what was settled so is found again to be moved. */
function payingWhatIsHeld(driver: Driver): Driver {
  const { settlement } = driver;
  const stored = new WeakMap<Bundle, Bundle>();
  return {
    ...driver,
    settlement: {
      ...settlement,
      async openBundles(query) {
        const bundles = await settlement.openBundles(query);
        return bundles.map((bundle) => {
          const told = { ...bundle, heldForPapers: false };
          stored.set(told, bundle);
          return told;
        });
      },
      moveBundle: ({ bundle, ...query }, to) =>
        settlement.moveBundle({ ...query, bundle: stored.get(bundle) ?? bundle }, to),
    },
  };
}
