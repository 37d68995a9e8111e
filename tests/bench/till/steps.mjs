// @ts-check
// From what one sale measured to its steps, which add up to its time; and from many sales to figures.
import { percentile } from "../figures.mjs";

/** The steps from the tap to the decision, in order, in milliseconds. Each instant of a sale belongs to one of them. */
export const STEPS = /** @type {const} */ ([
  "card",
  "pinPad",
  "journal",
  "sdk",
  "network",
  "queue",
  "decide",
  "commit",
]);

/** @typedef {Record<(typeof STEPS)[number] | "total" | "sdkShare" | "syncs", number>} Steps */
/**
 * @typedef {object} Sale what was measured of one, in milliseconds
 * @property {number} totalMs from the card's first contact, or the code's, to the result in the till's hand
 * @property {import("@pass-tpe/terminal-sdk").ApprovedSale["timings"]} timings the SDK's own
 * @property {number[]} syncsMs each sync of the journal up to the result
 */

/**
 * - `card`: its commands, as the reader measured them. `pinPad`: from the prompt to the block.
 * - `journal`: making attempt and answer durable. `sdk`: all else that the SDK does.
 * - `network`: the round trip without the gateway's own stages: TLS and HTTP at both ends, and who asks and for what.
 * - `sdkShare`: `journal` + `sdk`, what is left of the total without card, PIN pad and round trip.
 *
 * @param {Sale} sale @returns {Steps}
 */
export function stepsOf({ totalMs, timings, syncsMs }) {
  const { cardMs = 0, pinMs = 0, journalMs, networkMs, gateway = {} } = timings;
  const { queueMs, decideMs, commitMs } = gateway;
  if (queueMs === undefined || decideMs === undefined || commitMs === undefined)
    throw new Error("the gateway did not tell its stages: is it of another version than the SDK?");
  const sdkShare = totalMs - cardMs - pinMs - networkMs;
  return {
    total: totalMs,
    card: cardMs,
    pinPad: pinMs,
    journal: journalMs,
    sdk: sdkShare - journalMs,
    network: networkMs - queueMs - decideMs - commitMs,
    queue: queueMs,
    decide: decideMs,
    commit: commitMs,
    sdkShare,
    syncs: syncsMs.reduce((sum, ms) => sum + ms, 0),
  };
}

/** @typedef {{ meanMs: number, p50Ms: number, p95Ms: number, p99Ms: number, maxMs: number }} Figures */

/** @param {readonly number[]} values at least one @returns {Figures} */
export function figuresOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const round = (/** @type {number} */ ms) => Number(ms.toFixed(3));
  return {
    meanMs: round(sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length),
    p50Ms: round(percentile(sorted, 0.5)),
    p95Ms: round(percentile(sorted, 0.95)),
    p99Ms: round(percentile(sorted, 0.99)),
    maxMs: round(sorted.at(-1) ?? Number.NaN),
  };
}

/**
 * The figures of one way to sell.
 *
 * @param {string} name
 * @param {readonly Sale[]} sales at least one
 */
export function wayOf(name, sales) {
  const each = sales.map(stepsOf);
  const of = (/** @type {keyof Steps} */ step) => figuresOf(each.map((steps) => steps[step]));
  return {
    name,
    sales: sales.length,
    /** @type {Record<"total" | "sdkShare" | "syncs", Figures>} */
    whole: { total: of("total"), sdkShare: of("sdkShare"), syncs: of("syncs") },
    steps: /** @type {Record<(typeof STEPS)[number], Figures>} */ (
      Object.fromEntries(STEPS.map((step) => [step, of(step)]))
    ),
    syncsASale: sales.reduce((sum, { syncsMs }) => sum + syncsMs.length, 0) / sales.length,
  };
}

/** @typedef {ReturnType<typeof wayOf>} Way */
