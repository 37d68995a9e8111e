// @ts-check
// The figures as a table for people.

/** @typedef {import("./figures.mjs").Run} Run */
/** @type {readonly (readonly [string, (run: Run) => string])[]} */
const COLUMNS = [
  ["name", ({ name }) => name],
  ["connections", ({ connections }) => String(connections)],
  ["by", ({ generator }) => generator],
  ["per second", ({ perSecond }) => String(perSecond)],
  ["p50 ms", ({ p50Ms }) => String(p50Ms)],
  ["p99 ms", ({ p99Ms }) => String(p99Ms)],
  ["p99.9 ms", ({ p999Ms }) => String(p999Ms)],
  ["max ms", ({ maxMs }) => String(maxMs)],
  ["ratio to echo", ({ ratioToEcho }) => (Number.isNaN(ratioToEcho) ? "-" : String(ratioToEcho))],
  ["range", ({ ratioToEchoRange }) => rangeText(ratioToEchoRange)],
  ["sustained", ({ sustainedPerSecond }) => sustainedPerSecond?.toString() ?? ""],
  ["ratio", ({ sustainedRatioToEcho }) => sustainedRatioToEcho?.toString() ?? ""],
  ["approved", ({ approvedShare }) => approvedShare?.toString() ?? ""],
];

/** @param {import("./main.mjs").Result} result */
export function table({ machine, runs, memory, targets, skipped }) {
  const about = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  const rows = runs.map((run) => COLUMNS.map(([, text]) => text(run)));
  return [
    ...about,
    ...skipped.map((line) => `skipped: ${line}`),
    "",
    ...aligned([COLUMNS.map(([title]) => title), ...rows]),
    "",
    ...memory.map(memoryLine),
    "",
    ...aligned(targets.map(targetCells)),
    "",
  ].join("\n");
}

/** @param {import("./targets.mjs").Memory} memory */
function memoryLine({ name, residentBytes, peakResidentBytes }) {
  const megabytes = (/** @type {number} */ bytes) => Math.round(bytes / 1e6);
  return `gateway, ${name}: ${megabytes(residentBytes)} MB resident at its end, ${megabytes(peakResidentBytes)} at most`;
}

/** @param {import("./targets.mjs").Target} target */
function targetCells({ name, bound, wanted, measured, range, unit, ok }) {
  const verdict = ok === null ? "not measured" : ok ? "ok" : "MISSED";
  const between = range === undefined ? "" : rangeText(range);
  return [name, `${bound} ${wanted ?? "-"} ${unit}`, `${measured ?? "-"}`, between, verdict];
}

/** @param {[number, number] | undefined} range */
function rangeText(range) {
  return range === undefined ? "" : `${range[0]} to ${range[1]}`;
}

/** @param {string[][]} rows @returns {string[]} lines, the first column to the left and the others to the right */
function aligned(rows) {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return index === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  "),
  );
}
