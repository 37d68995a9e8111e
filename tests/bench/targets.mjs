// @ts-check
// What the bench is to show, each with what was wanted, what was measured, and whether it holds.

/** Of the echo's rate, by whole durable authorizations at 32 connections. */
const ECHO_SHARE_MIN = 0.4;
/** Of PostgreSQL's best rate. */
const PGBENCH_TIMES_MIN = 2;
/** Of the rate of sales spread over many partners, where all are at one. */
const HOT_SHARE_MIN = 0.9;
const OPEN_P99_MS = 10;
const OPEN_P99_FDATASYNCS = 3;
/** Of what p99 may be, what p99.9 may. */
const OPEN_P999_TIMES = 2.5;
/** One terminal alone: above one fdatasync and one echo. */
const ALONE_EXTRA_MS = 0.5;
/** And over TLS. */
const ALONE_TLS_EXTRA_MS = 0.8;
const RESIDENT_MAX_BYTES = 400e6;
const MEGABYTE = 1e6;
const PEAK_AT = 32;

/** @typedef {{ name: string, residentBytes: number, peakResidentBytes: number }} Memory */
/**
 * @typedef {object} Target
 * @property {string} name
 * @property {"at least" | "at most"} bound
 * @property {number | null} wanted null where what it follows from was not measured
 * @property {number | null} measured
 * @property {[number, number]} [range] over the rounds, where it is a ratio of each round
 * @property {string} unit
 * @property {boolean | null} ok null where it was not measured
 */
/** @typedef {import("./figures.mjs").Run} Run */
/** @typedef {import("./figures.mjs").Figures} Figures */
/** @typedef {{ figures: Figures, memory: readonly Memory[] }} Found */

/** @param {Found} found @returns {Target[]} */
export function targetsOf({ figures, memory }) {
  const runs = figures.runs();
  return [
    ...ratioTargets(figures, runs),
    ...openLoopTargets(runs),
    ...aloneTargets(runs),
    ...memory.map(({ name, peakResidentBytes }) =>
      target({
        name: `resident memory of the gateway, ${name}, at most ever`,
        bound: "at most",
        wanted: RESIDENT_MAX_BYTES / MEGABYTE,
        measured: peakResidentBytes / MEGABYTE,
        unit: "MB",
      }),
    ),
  ];
}

/** With what is left to be done behind the sales counted to the sales. @param {Figures} figures @param {Run[]} runs */
function ratioTargets(figures, runs) {
  const sales = { name: "authorize-plain", connections: PEAK_AT };
  const hot = { name: "hot-merchant", connections: PEAK_AT };
  const [best = { name: "pgbench", connections: 0 }] = runs
    .filter(({ name }) => name === "pgbench")
    .sort((a, b) => b.perSecond - a.perSecond);
  /**
   * @param {string} name
   * @param {number} wanted
   * @param {string} unit
   * @param {import("./figures.mjs").Spread} spread
   */
  const atLeast = (name, wanted, unit, { median, min, max }) => {
    const range = /** @type {[number, number]} */ ([rounded(min), rounded(max)]);
    const told = { name, bound: /** @type {const} */ ("at least"), wanted, unit };
    return { ...target({ ...told, measured: median }), ...(Number.isNaN(min) ? {} : { range }) };
  };
  const echo = { ...sales, name: "echo" };
  return [
    atLeast("authorizations at 32", ECHO_SHARE_MIN, "x echo", figures.ratios(sales, echo)),
    atLeast(
      "authorizations at 32, to pgbench at its best",
      PGBENCH_TIMES_MIN,
      "x pgbench",
      figures.ratios(sales, best),
    ),
    atLeast("hot merchant", HOT_SHARE_MIN, "x spread", figures.ratios(hot, sales)),
  ];
}

/** @param {Run[]} runs */
function openLoopTargets(runs) {
  const open = runs.find(({ name }) => name === "open-loop");
  const disk = find(runs, { name: "fdatasync", connections: 1 })?.p99Ms ?? Number.NaN;
  const wanted = Math.max(OPEN_P99_MS, OPEN_P99_FDATASYNCS * disk);
  const common = { bound: /** @type {const} */ ("at most"), unit: "ms" };
  return [
    target({ name: "open loop, p99", wanted, measured: open?.p99Ms, ...common }),
    target({
      name: "open loop, p99.9",
      wanted: wanted * OPEN_P999_TIMES,
      measured: open?.p999Ms,
      ...common,
    }),
  ];
}

/** @param {Run[]} runs */
function aloneTargets(runs) {
  const disk = find(runs, { name: "fdatasync", connections: 1 })?.p50Ms ?? Number.NaN;
  /** @param {{ name: string, run: string, extraMs: number }} options */
  const alone = ({ name, run, extraMs }) => {
    const sales = find(runs, { name: run, connections: 1 });
    // Of the same generator, whose own time is in both.
    const echo =
      find(runs, { name: `echo-${sales?.generator}`, connections: 1 }) ??
      find(runs, { name: "echo", connections: 1 });
    const wanted = disk + (echo?.p50Ms ?? Number.NaN) + extraMs;
    return target({ name, bound: "at most", wanted, measured: sales?.p50Ms, unit: "ms" });
  };
  return [
    alone({ name: "one terminal alone, p50", run: "authorize-plain", extraMs: ALONE_EXTRA_MS }),
    alone({
      name: "one terminal alone over TLS, p50",
      run: "authorize",
      extraMs: ALONE_TLS_EXTRA_MS,
    }),
  ];
}

/** @param {Run[]} runs @param {{ name: string, connections: number }} wanted */
function find(runs, { name, connections }) {
  return runs.find((run) => run.name === name && run.connections === connections);
}

/**
 * @param {Omit<Target, "ok" | "wanted" | "measured"> & { wanted: number, measured: number | undefined }} told
 * @returns {Target}
 */
function target({ wanted, measured = Number.NaN, bound, ...told }) {
  const isKnown = !Number.isNaN(wanted) && !Number.isNaN(measured);
  const holds = bound === "at least" ? measured >= wanted : measured <= wanted;
  return {
    ...told,
    bound,
    wanted: Number.isNaN(wanted) ? null : rounded(wanted),
    measured: Number.isNaN(measured) ? null : rounded(measured),
    ok: isKnown ? holds : null,
  };
}

/** @param {number} value */
const rounded = (value) => Number(value.toFixed(3));
