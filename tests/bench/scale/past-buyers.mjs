// @ts-check
// Who made the sales of an invented past: anybody who holds what the real sales were paid from, while enough of it is left.

/** Of what somebody has, so much may be spent in the past: the sales that are measured need the rest. */
const SPENT_SHARE_MAX = 0.7;

/** @typedef {import("better-sqlite3").Database} Sqlite */
/** @typedef {{ units: number, atMs: number }} Spending */
/**
 * @typedef {object} Buyers
 * @property {ReadonlySet<string>} ids their accounts
 * @property {(units: number) => number} roomFor how many sales of so many units all of them may make
 * @property {(spending: Spending) => string} next the account of the next sale, at random among all
 * @property {() => void} settle writes what they spent, and when they last bought, into their grants and accounts
 */

/**
 * Everybody who has the grant of a real sale in the same terms: `verify` holds what a sale saw to what is there.
 *
 * @param {Sqlite} db
 * @param {{ accountId: string, grantId: string }} real a grant whose id begins with its account's
 * @returns {Buyers}
 */
export function findBuyers(db, { accountId, grantId }) {
  const suffix = grantId.slice(accountId.length);
  const terms = db
    .prepare("SELECT name FROM pragma_table_info('grants')")
    .pluck()
    .all()
    .filter((name) => !["account_id", "id", "spent"].includes(String(name)));
  const alike = terms.map((name) => `g."${name}" IS real."${name}"`).join(" AND ");
  const rows = /** @type {{ account_id: string, spent: number, amount: number }[]} */ (
    db
      .prepare(
        `SELECT g.account_id, g.spent, g.amount FROM grants g
         JOIN grants real ON real.account_id = ? AND real.id = ?
         WHERE g.id = g.account_id || ? AND ${alike}`,
      )
      .all(accountId, grantId, suffix)
  );
  const most = Math.floor((rows[0]?.amount ?? 0) * SPENT_SHARE_MAX);
  const spent = Int32Array.from(rows, (row) => row.spent);
  const lastMs = new Float64Array(rows.length);

  return {
    ids: new Set(rows.map((row) => row.account_id)),
    roomFor: (units) =>
      spent.reduce((sum, before) => sum + Math.max(0, Math.floor((most - before) / units)), 0),

    next({ units, atMs }) {
      const from = Math.floor(Math.random() * rows.length);
      for (let tried = 0; tried < rows.length; tried += 1) {
        const index = (from + tried) % rows.length;
        const row = rows[index];
        const before = spent[index] ?? most;
        if (row === undefined || before + units > most) continue;
        spent[index] = before + units;
        lastMs[index] = atMs;
        return row.account_id;
      }
      throw new Error("nobody has anything left to spend");
    },

    settle() {
      const spend = db.prepare("UPDATE grants SET spent = ? WHERE account_id = ? AND id = ?");
      const decide = db.prepare(
        "UPDATE accounts SET last_decision_at_ms = max(last_decision_at_ms, ?) WHERE id = ?",
      );
      for (const [index, { account_id: id }] of rows.entries()) {
        if (!lastMs[index]) continue;
        spend.run(spent[index], id, id + suffix);
        decide.run(lastMs[index], id);
      }
    },
  };
}
