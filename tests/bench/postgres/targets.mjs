// @ts-check
// What sales on PostgreSQL are to show beside pgbench on the same server.

const PGBENCH_SHARE_MIN = 0.7;
const HOT_SHARE_MIN = 0.9;

/**
 * @param {import("../figures.mjs").Figures} figures
 * @returns {{ name: string, wanted: number | null, measured: number, range: [number, number], ok: boolean | null }[]}
 */
export function targetsOf(figures) {
  /** @param {string} name @param {number} connections */
  const part = (name, connections) => ({ name, connections });
  /**
   * @param {string} name
   * @param {number | null} wanted
   * @param {import("../figures.mjs").Spread} spread
   */
  const told = (name, wanted, { median, min, max }) => {
    const range = /** @type {[number, number]} */ ([rounded(min), rounded(max)]);
    return { name, wanted, measured: rounded(median), range, ok: wanted && median >= wanted };
  };
  const spread = part("authorize", 32);
  return [
    ...[8, 32].map((at) =>
      told(
        `authorizations at ${at}, x pgbench`,
        PGBENCH_SHARE_MIN,
        figures.ratios(part("authorize", at), part("pgbench", at)),
      ),
    ),
    told("hot merchant, x spread", HOT_SHARE_MIN, figures.ratios(part("hot-merchant", 32), spread)),
    told("two gateways, x one", null, figures.ratios(part("two-gateways", 32), spread)),
  ].map(({ ok, ...rest }) => ({ ...rest, ok: ok === null ? null : Boolean(ok) }));
}

/** @param {number} value */
const rounded = (value) => Number(value.toFixed(3));
