// @ts-check
// The steps of a sale as tables for people.

const COLUMNS = /** @type {const} */ (["meanMs", "p50Ms", "p95Ms", "p99Ms", "maxMs"]);

/** @typedef {import("./steps.mjs").Figures} Figures */

/** @param {import("./main.mjs").Result} result */
export function table({ machine, ways, targets }) {
  const about = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  const parts = ways.map(({ name, sales, syncsASale, steps, whole }) => {
    const { total, sdkShare, syncs } = whole;
    const rows = { ...steps, total, "sdk + journal": sdkShare, "journal's syncs": syncs };
    return [`${name}: ${sales} sales, ${syncsASale} syncs of the journal each`, ...lines(rows)];
  });
  const verdicts = targets.map(({ name, wantedMs, measuredMs, ok }) => {
    return `${ok ? "ok    " : "MISSED"}  ${name}: ${measuredMs} ms, at most ${wantedMs}`;
  });
  return [...about, ...parts.flatMap((part) => ["", ...part]), "", ...verdicts, ""].join("\n");
}

/** @param {Record<string, Figures>} rows */
function lines(rows) {
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  const cell = (/** @type {string | number} */ value) => String(value).padStart(10);
  const head = [
    "step".padEnd(width),
    ...COLUMNS.map((column) => cell(column.replace("Ms", " ms"))),
  ];
  const body = Object.entries(rows).map(([name, figures]) =>
    [name.padEnd(width), ...COLUMNS.map((column) => cell(figures[column].toFixed(2)))].join(""),
  );
  return [head.join(""), ...body];
}
