// @ts-check
// What a sale at the till may take, and whether it did.

/** The most that each may take, in milliseconds. */
const WANTED = /** @type {const} */ ({
  "sdk share of a tap, p99": 10,
  "tap to decision, p95": 100,
});

/** @typedef {{ name: string, wantedMs: number, measuredMs: number, ok: boolean }} Target */

/** @param {import("./steps.mjs").Way} tap @returns {Target[]} */
export function targetsOf({ whole: { total, sdkShare } }) {
  const measured = {
    "sdk share of a tap, p99": sdkShare.p99Ms,
    "tap to decision, p95": total.p95Ms,
  };
  return Object.entries(WANTED).map(([name, wantedMs]) => {
    const measuredMs = measured[/** @type {keyof typeof WANTED} */ (name)];
    return { name, wantedMs, measuredMs, ok: measuredMs <= wantedMs };
  });
}
